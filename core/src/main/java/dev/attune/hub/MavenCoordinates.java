package dev.attune.hub;

import dev.attune.error.ConfigException;
import java.util.regex.Pattern;

/**
 * {@code group:artifact:version[:classifier]} of a jar; the classifier may be empty. Every part is safe as a file name.
 */
record MavenCoordinates(String group, String artifact, String version, String classifier) {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");

    static MavenCoordinates parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 3 || parts.length > 4) {
            throw malformed(text, "it has " + parts.length + (parts.length == 1 ? " part" : " parts"));
        }
        for (String part : parts) {
            if (!PART.matcher(part).matches() || part.contains("..")) {
                throw malformed(text, "\"" + part + "\" is not a valid part");
            }
        }
        if (parts[2].equals("LATEST") || parts[2].equals("RELEASE")) {
            throw malformed(text, parts[2] + " would mean another model next year");
        }
        return new MavenCoordinates(parts[0], parts[1], parts[2], parts.length == 4 ? parts[3] : "");
    }

    private static ConfigException malformed(String text, String why) {
        return new ConfigException("The model maven:" + text + " is not maven:group:artifact:version[:classifier]: "
                + why + ". Give an exact version, such as maven:org.example:my-model:1.0.0.");
    }

    boolean sameArtifact(MavenCoordinates other) {
        return group.equals(other.group) && artifact.equals(other.artifact);
    }

    boolean isSnapshot() {
        return version.endsWith("-SNAPSHOT");
    }

    /** The name of this version's folder. */
    String folder() {
        return classifier.isEmpty() ? version : version + "-" + classifier;
    }

    @Override
    public String toString() {
        return group + ":" + artifact + ":" + version + (classifier.isEmpty() ? "" : ":" + classifier);
    }
}
