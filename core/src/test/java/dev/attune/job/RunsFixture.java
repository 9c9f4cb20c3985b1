package dev.attune.job;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of whole runs begin with: an empty folder with a tiny model in it. */
abstract class RunsFixture {
    @TempDir
    Path temp;

    Runs runs;

    @BeforeEach
    void model() {
        runs = new Runs(temp);
    }
}
