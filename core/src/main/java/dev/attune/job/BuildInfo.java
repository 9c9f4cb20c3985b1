package dev.attune.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which Attune this is.
 *
 * @param version of the artifact
 * @param commit of the source, shortened; {@code unknown} for a build outside version control
 */
public record BuildInfo(String version, String commit) {
    /** What the build wrote beside this class. */
    public static BuildInfo here() {
        try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
            if (in == null) throw new IllegalStateException("build.properties is missing: the build did not make it");
            Properties properties = new Properties();
            properties.load(in);
            String commit = properties.getProperty("commit", "");
            boolean known = commit.matches("[0-9a-f]{7,40}");
            return new BuildInfo(properties.getProperty("version", "unknown"), known ? commit : "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return version + " (" + commit + ")";
    }
}
