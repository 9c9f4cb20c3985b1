package dev.attune.hub;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What resolving depends on, so that tests need no environment.
 *
 * @param home what Attune keeps for itself
 * @param offline never use the network
 * @param mavenSettings a {@code settings.xml} in place of the user's
 * @param localRepository a Maven local repository in place of the user's
 */
record HubSettings(
        Path home,
        boolean offline,
        @Nullable Path mavenSettings,
        @Nullable Path localRepository) {
    /** Where unpacked models are kept. */
    Path models() {
        return home.resolve("models");
    }

    static HubSettings fromEnvironment() {
        return from(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubSettings from(Map<String, String> environment, Path userHome) {
        String home = environment.getOrDefault("ATTUNE_HOME", "");
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path directory = !home.isBlank()
                ? Path.of(home)
                : (cache.isBlank() ? userHome.resolve(".cache") : Path.of(cache)).resolve("attune");
        String offline = environment.getOrDefault("ATTUNE_OFFLINE", "");
        boolean isOffline = !offline.isBlank() && !offline.equals("0") && !offline.equalsIgnoreCase("false");
        return new HubSettings(directory, isOffline, null, null);
    }
}
