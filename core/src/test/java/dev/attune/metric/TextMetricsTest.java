package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextMetricsTest {
    @Test
    void theChosenAreMeasuredInTheirOrder() {
        var metrics = TextMetrics.named(List.of("wer", "rouge", "exact_match", "chrf++", "wer"));
        metrics.add("the cat sat", "the cats sat");
        metrics.add(" a dog\n", "a dog");
        assertThat(metrics.compute().keySet())
                .containsExactly("wer", "rouge1", "rouge2", "rougeL", "rougeLsum", "exact_match", "chrf++");
        assertThat(metrics.compute())
                .containsEntry("wer", 1 / 5.0)
                .containsEntry("exact_match", 50.0)
                .as("\"cats\" is \"cat\" for a stemmer")
                .containsEntry("rouge2", 100.0);
    }

    @Test
    void everyNameGivesItsMetric() {
        var metrics = TextMetrics.named(TextMetrics.NAMES);
        metrics.add("one two three four", "one two three four");
        assertThat(metrics.compute().keySet())
                .containsExactly(
                        "rouge1",
                        "rouge2",
                        "rougeL",
                        "rougeLsum",
                        "bleu",
                        "chrf",
                        "chrf++",
                        "exact_match",
                        "cer",
                        "wer");
        metrics.compute()
                .forEach((name, value) ->
                        assertThat(value).as(name).isCloseTo(name.endsWith("er") ? 0 : 100, within(1e-9)));
    }

    @Test
    void anUnknownNameIsToldWithTheNearest() {
        assertThatThrownBy(() -> TextMetrics.named(List.of("chrf", "blue")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("There is no metric of text \"blue\". Did you mean \"bleu\"? There are rouge, bleu, chrf, "
                        + "chrf++, exact_match, cer, wer.");
    }

    @Test
    void noRowsIsAnErrorNotANumber() {
        for (String name : TextMetrics.NAMES) {
            var metrics = TextMetrics.named(List.of(name));
            assertThatThrownBy(metrics::compute)
                    .as(name)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("No row was evaluated");
        }
    }

    @Test
    void moreRowsMayFollow() {
        var metrics = TextMetrics.named(List.of("cer"));
        metrics.add("abc", "abd");
        assertThat(metrics.compute()).containsEntry("cer", 1 / 3.0);
        metrics.add("", "xyz");
        assertThat(metrics.compute()).containsEntry("cer", 4 / 6.0);
    }

    /** Against counting every n-gram written out. */
    @Test
    void sharedNGramsAreThoseOfAPlainCount() {
        long seed = System.nanoTime();
        System.err.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            int symbols = 1 + random.nextInt(4);
            List<int[]> references = List.of(draw(random, symbols), draw(random, symbols));
            int[] prediction = draw(random, symbols);
            int[] matches = NGramMatches.of(prediction, references, 5);
            for (int n = 1; n <= 5; n++) assertThat(matches[n - 1]).isEqualTo(plain(prediction, references, n));
        }
    }

    private static int[] draw(Random random, int symbols) {
        return random.ints(random.nextInt(30), 0, symbols)
                .map(symbol -> symbol * 0x10ffff / 4)
                .toArray();
    }

    private static int plain(int[] prediction, List<int[]> references, int n) {
        List<String> grams = grams(prediction, n);
        return grams.stream()
                .distinct()
                .mapToInt(gram -> Math.min(
                        count(grams, gram),
                        references.stream()
                                .mapToInt(each -> count(grams(each, n), gram))
                                .max()
                                .orElseThrow()))
                .sum();
    }

    private static List<String> grams(int[] text, int n) {
        return IntStream.range(0, NGramMatches.count(text.length, n))
                .mapToObj(i -> Arrays.toString(Arrays.copyOfRange(text, i, i + n)))
                .toList();
    }

    private static int count(List<String> grams, String gram) {
        return (int) grams.stream().filter(gram::equals).count();
    }

    /** Against the table of all cells; around 64 symbols a column no longer fits into one number. */
    @Test
    void distancesAreThoseOfThePlainTable() {
        long seed = System.nanoTime();
        System.err.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int symbols = 1 + random.nextInt(5);
            int[] a = random.ints(random.nextInt(200), 0, symbols).toArray();
            int[] b = random.ints(random.nextInt(200), 0, symbols).toArray();
            assertThat(EditDistance.of(a, b)).isEqualTo(plainDistance(a, b));
        }
        int[] whole = random.ints(128, 0, 9).toArray();
        for (int length : new int[] {0, 1, 63, 64, 65, 127, 128}) {
            assertThat(EditDistance.of(Arrays.copyOf(whole, length), whole)).isEqualTo(128 - length);
            assertThat(EditDistance.of(whole, Arrays.copyOf(whole, length))).isEqualTo(128 - length);
        }
    }

    private static int plainDistance(int[] a, int[] b) {
        int[][] cells = new int[a.length + 1][b.length + 1];
        for (int i = 0; i <= a.length; i++) {
            for (int j = 0; j <= b.length; j++) {
                if (i == 0 || j == 0) {
                    cells[i][j] = i + j;
                } else {
                    int replaced = cells[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                    cells[i][j] = Math.min(replaced, 1 + Math.min(cells[i - 1][j], cells[i][j - 1]));
                }
            }
        }
        return cells[a.length][b.length];
    }

    /** A text of a whole book in one line fits into memory: no table of all pairs of words is kept in full. */
    @Test
    void longTextsHaveAUnionToo() {
        int[] words = new Random(1).ints(6000, 0, 50).toArray();
        var marked = new BitSet();
        CommonSubsequence.mark(words, words, marked);
        assertThat(marked.cardinality()).isEqualTo(words.length);
        int[] reversed = new int[words.length];
        for (int i = 0; i < words.length; i++) reversed[i] = words[words.length - 1 - i];
        marked.clear();
        CommonSubsequence.mark(words, reversed, marked);
        assertThat(marked.cardinality())
                .isEqualTo(CommonSubsequence.length(words, reversed))
                .isBetween(50, 5999);
    }

    /** Python knows more blanks than Java's trim and strip. */
    @Test
    void blanksArePythons() {
        String blanks =
                "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
        for (char blank : blanks.toCharArray()) {
            assertThat(Words.of(blank + "a" + blank + "b" + blank))
                    .as("%04x", (int) blank)
                    .containsExactly("a", "b");
            assertThat(Words.trimmed(blank + "a" + blank)).isEqualTo("a");
        }
        for (char letter : "\u0000\u0008\u000e\u001b\u0084\u0086\u180e\u200b\u2060\ufeff".toCharArray()) {
            assertThat(Words.of("a" + letter + "b")).as("%04x", (int) letter).hasSize(1);
        }
        assertThat(Words.of(" ")).isEmpty();
        assertThat(Words.trimmed(" \n ")).isEmpty();
    }
}
