package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The heap does not grow with the data: {@link LargeData} of 70 MB in a heap of 48, without a cache and with one. */
class LargeDataIT {
    @TempDir
    Path temp;

    @Test
    @EnabledIfSystemProperty(named = "attune.long", matches = "true", disabledReason = "minutes: mvn verify -Plong")
    void aMillionRowsFitIntoASmallHeap() throws Exception {
        String same = "(1000000.csv line 534335)"; // the first row of the fifth epoch for seed 42
        assertThat(run("off")).contains("1,000,000 rows, cached false", same);
        assertThat(run()).contains("1,000,000 rows, cached false", same);
        assertThat(run()).contains("1,000,000 rows, cached true", same);
    }

    private String run(String... more) throws IOException, InterruptedException {
        String[] arguments = more.length == 0
                ? new String[] {temp.toString(), "1000000", "-"}
                : new String[] {temp.toString(), "1000000", "-", more[0]};
        Process process = CacheProcess.command(LargeData.class, "-Xmx48m", arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        System.out.print(said);
        return said;
    }
}
