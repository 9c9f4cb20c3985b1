package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code faults/faults.json}: every fault of the standard has tests that are there and run, or a reason why it has none. */
class FaultTableTest {
    private static final Path ROOT = Files.isDirectory(Path.of("core", "src")) ? Path.of("") : Path.of("..");

    /** How many rows each table of the standard has: storage, resuming, numbers, input. */
    private static final List<String> IDS = Stream.of(ids("R", 17), ids("S", 13), ids("N", 8), ids("D", 19))
            .flatMap(List::stream)
            .toList();

    private static List<String> ids(String letter, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> letter + i).toList();
    }

    private static List<JsonNode> rows() {
        List<JsonNode> rows = new ArrayList<>();
        JsonMapper.shared()
                .readTree(ROOT.resolve("faults/faults.json"))
                .get("rows")
                .forEach(rows::add);
        return rows;
    }

    @Test
    void everyFaultOfTheStandardHasARow() {
        assertThat(rows().stream().map(row -> row.get("id").stringValue())).containsExactlyElementsOf(IDS);
    }

    @Test
    void aRowHasTestsOrAReason() {
        for (JsonNode row : rows()) {
            String id = row.get("id").stringValue();
            assertThat(row.get("fault").stringValue()).as(id).isNotBlank();
            assertThat(row.get("reference").stringValue()).as(id).isNotBlank();
            if (row.has("tests")) {
                assertThat(row.get("tests")).as(id).isNotEmpty();
                assertThat(row.get("attune").stringValue()).as(id).isNotBlank();
                assertThat(row.has("not_applicable")).as(id).isFalse();
            } else {
                assertThat(row.has("open") ^ row.has("not_applicable"))
                        .as(id + " says why it has no tests")
                        .isTrue();
            }
        }
    }

    @Test
    void theTestsAreThere() throws IOException {
        for (JsonNode row : rows()) {
            for (JsonNode test : row.path("tests")) {
                String name = test.stringValue();
                Matcher parts = Pattern.compile("([\\w.]+)#(\\w+)").matcher(name);
                assertThat(parts.matches()).as(name).isTrue();
                String source = Files.readString(source(parts.group(1)));
                assertThat(source).as(name).doesNotContain("@Disabled\n", "@Disabled(");
                assertThat(source)
                        .as(name)
                        .containsPattern("@(Test|ParameterizedTest)\\b[^;{}]*(\\{[^}]*\\}[^;{}]*)?\\bvoid "
                                + parts.group(2) + "\\(");
            }
        }
    }

    private static Path source(String type) {
        String file = "src/test/java/" + type.replace('.', '/') + ".java";
        Path core = ROOT.resolve("core").resolve(file);
        return Files.exists(core) ? core : ROOT.resolve("cli").resolve(file);
    }
}
