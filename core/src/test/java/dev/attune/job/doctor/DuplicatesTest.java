package dev.attune.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.task.Finding;
import dev.attune.task.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    private static List<String> lines(Findings findings) {
        return findings.lines().stream().map(Finding::text).toList();
    }

    /** Against a map of the texts themselves. */
    @Test
    void repeatedAndContradictingRowsAreCounted() {
        Random random = new Random(11);
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String text = "text " + random.nextInt(15_000);
            if (random.nextBoolean()) text = "  Text \t" + text.substring(5);
            rows.add(new String[] {text, random.nextInt(5) == 0 ? "b" : "a"});
        }
        Map<String, String> first = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        int repeated = 0;
        int contradicting = 0;
        for (String[] row : rows) {
            String key = row[0].strip().toLowerCase().replaceAll("\\s+", " ");
            counts.merge(key, 1, Integer::sum);
            String label = first.putIfAbsent(key, row[1]);
            if (label == null) continue;
            repeated++;
            if (!label.equals(row[1])) contradicting++;
        }
        Findings found = Duplicates.of(PlainRows.scan("train", rows));
        assertThat(found.facts())
                .containsEntry("repeated_rows", repeated)
                .containsEntry("contradicting_rows", (long) contradicting)
                .containsEntry("repeated_texts", (int)
                        counts.values().stream().filter(n -> n > 1).count());
    }

    @Test
    void pairsAreShownWithPlacesAndLabels() {
        Findings found = Duplicates.of(PlainRows.scan(
                "train",
                List.of(
                        new String[] {"lost my card", "card"},
                        new String[] {"the transfer of yesterday did not arrive at my new account", "transfer"},
                        new String[] {"Lost  my card", "login"},
                        new String[] {"the transfer of yesterday did not arrive at my new account!!", "transfer"},
                        new String[] {"something else", "login"})));
        assertThat(lines(found))
                .containsExactly(
                        "1 rows repeat the text of an earlier row (20.0%)",
                        "1 of them have another label (first: row 1 and row 3)",
                        "  row 1 [card]: lost my card",
                        "  = row 3 [login]: Lost my card",
                        "1 rows are nearly the text of an earlier row (20.0%)",
                        "  row 2 [transfer]: the transfer of yesterday did not arrive at my new account",
                        "  = row 4 [transfer]: the transfer of yesterday did not arrive at my new account!!");
        assertThat(found.lines().stream().filter(line -> line.level() == Finding.Level.WARNING))
                .hasSize(3);
    }

    @Test
    void leakageIsExactOrNear() {
        String long1 = "please tell me how i can change the address that is written on my bank statement";
        SetScan train = PlainRows.scan(
                "train", List.of(new String[] {"lost my card", "card"}, new String[] {long1, "details"}, new String[] {
                    "lost MY card", "card"
                }));
        SetScan validation = PlainRows.scan(
                "validation",
                List.of(
                        new String[] {"where is my money", "transfer"},
                        new String[] {"Lost my card", "login"},
                        new String[] {long1 + " now", "details"}));
        Findings found = Leakage.of(train, validation);
        assertThat(found.facts())
                .containsEntry("exact_rows", 1)
                .containsEntry("exact_contradicting_rows", 1L)
                .containsEntry("near_rows", 1L);
        assertThat(lines(found))
                .contains(
                        "1 of 3 validation texts are also in the training data (first: row 2); the metrics will be too"
                                + " good",
                        "  row 1 [card]: lost my card",
                        "  = row 2 [login]: Lost my card",
                        "1 further validation texts are nearly those of training rows (33.3%)");
        Findings split = SplitLabels.of(train, validation);
        assertThat(split.facts().keySet()).containsExactly("set", "only_train", "only_set");

        Findings none = Leakage.of(train, PlainRows.scan("test", List.<String[]>of(new String[] {"new", "x"})));
        assertThat(lines(none))
                .containsExactly(
                        "no test text is in the training data", "no test text is nearly one of the training data");
    }

    @Test
    void oneOfTwoTextsMayBeShared() {
        SetScan train = PlainRows.scan("train", List.<String[]>of(new String[] {"what", "a context", "x"}));
        SetScan validation = PlainRows.scan(
                "validation", List.of(new String[] {"who", "a context", "x"}, new String[] {"when", "another", "x"}));
        Findings found = Leakage.of(train, validation);
        assertThat(found.facts()).containsEntry("shared_columns", Map.of("text0", 0L, "text1", 1L));
        assertThat(lines(found)).contains("1 rows share their text1 with training rows");
    }

    @Test
    void nothingIsFoundInDifferentTexts() {
        Findings found =
                Duplicates.of(PlainRows.scan("train", List.of(new String[] {"one", "x"}, new String[] {"two", "y"})));
        assertThat(lines(found)).containsExactly("no text occurs twice", "no text is nearly another one");
    }

    @Test
    void samplesAreSpreadAndTheSameEveryTime() {
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < 3 * SampleRows.MOST; i++) rows.add(new String[] {i % 7 == 0 ? " " : "t" + i, "x"});
        SetScan set = PlainRows.scan("train", rows);
        int[] sample = SampleRows.of(set);
        assertThat(sample).isSorted().doesNotHaveDuplicates().isEqualTo(SampleRows.of(set));
        assertThat(sample.length).isBetween(SampleRows.MOST * 6 / 7 - 500, SampleRows.MOST * 6 / 7 + 500);
        for (int row : sample) assertThat(row % 7).isNotZero();
        assertThat(sample[0]).isLessThan(30);
        assertThat(sample[sample.length - 1]).isGreaterThan(rows.size() - 30);
    }
}
