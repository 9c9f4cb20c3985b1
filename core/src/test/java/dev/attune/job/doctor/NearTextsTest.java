package dev.attune.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearTextsTest {
    private static final long SEED = 7;

    private static long[] set(String text) {
        return new Shingles().read(text).toSet();
    }

    private static double overlap(String a, String b) {
        return Shingles.jaccard(set(a), set(b));
    }

    @Test
    void textsArePairsOfWords() {
        assertThat(set("one two three")).hasSize(4);
        assertThat(set("one two one two"))
                .as("a set: (begin one) (one two) (two one) (two end)")
                .hasSize(4);
        assertThat(set(" … !")).isEmpty();
        assertThat(overlap("One, two: THREE!", "one two three")).isEqualTo(1);
        assertThat(overlap("one two", "two one")).isEqualTo(0);
        // (b a) (a b) (b c) (c e) against (b a) (a b) (b d) (d e)
        assertThat(overlap("a b c", "a b d")).isEqualTo(2 / 6.0);
        assertThat(set("日本語")).as("no spaces between words").hasSize(4);
        assertThat(set("हिन्दी")).as("marks belong to words").hasSize(2);
        assertThat(overlap("", "")).isEqualTo(0);
    }

    private static String words(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++)
            text.append('w').append(random.nextInt(50_000)).append(' ');
        return text.toString();
    }

    private static String changed(String text, Random random, int words) {
        String[] all = text.split(" ");
        for (int i = 0; i < words; i++) all[random.nextInt(all.length)] = "x" + random.nextInt(50_000);
        return String.join(" ", all);
    }

    /** The miss rates that the Javadoc promises, on texts of 12 to 60 words of which one to four were changed. */
    @Test
    void nearTextsAreFoundAsOftenAsPromised() {
        Random random = new Random(SEED);
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            String text = words(random, 12 + random.nextInt(49));
            rows.add(new String[] {text, "a"});
            rows.add(new String[] {changed(text, random, 1 + random.nextInt(4)), "a"});
        }
        int[] found = search(rows);
        int[] near = new int[10];
        int[] missed = new int[10];
        for (int i = 1; i < rows.size(); i += 2) {
            double overlap = overlap(rows.get(i - 1)[0], rows.get(i)[0]);
            int tenth = Math.min(9, (int) (10 * overlap));
            near[tenth]++;
            if (found[i] < 0) missed[tenth]++;
            else assertThat(found[i]).isEqualTo(i - 1);
            if (overlap < NearTexts.SIMILAR)
                assertThat(found[i]).as("overlap %s", overlap).isNegative();
            assertThat(found[i - 1]).as("random texts").isNegative();
        }
        assertThat(near[7]).as("seed %d", SEED).isGreaterThan(300);
        assertThat(near[8]).isGreaterThan(300);
        assertThat(near[9]).isGreaterThan(100);
        assertThat((double) missed[7] / near[7]).isLessThan(0.12);
        assertThat((double) missed[8] / near[8]).isLessThan(0.003);
        assertThat(missed[9]).isZero();
    }

    private static int[] search(List<String[]> rows) {
        SetScan set = PlainRows.scan("train", rows);
        return NearTexts.search(set, new BitSet(), set, new BitSet());
    }

    @Test
    void signaturesTellTheOverlap() {
        Random random = new Random(SEED);
        double[] errors = new double[500];
        for (int i = 0; i < errors.length; i++) {
            String text = words(random, 40);
            String other = changed(text, random, 1 + i % 12);
            SetScan set = PlainRows.scan("train", List.of(new String[] {text, "a"}, new String[] {other, "a"}));
            errors[i] = set.signatures().similarity(0, set.signatures(), 1, 0) - overlap(text, other);
        }
        double mean = Arrays.stream(errors).average().orElseThrow();
        double spread =
                Math.sqrt(Arrays.stream(errors).map(e -> e * e).average().orElseThrow());
        assertThat(mean).as("seed %d", SEED).isCloseTo(0, within(0.01));
        assertThat(spread).isBetween(0.03, 0.06);
    }

    /** Questions about one context are not the same question. */
    @Test
    void bothTextsOfAPairHaveToBeNear() {
        String context = words(new Random(SEED), 80);
        int[] found = search(List.of(
                new String[] {"where did the old man of the sea live in winter and summer", context, "a"},
                new String[] {"who was the first woman that climbed the mountain in the north", context, "a"},
                new String[] {"Where did the old man of the sea live, in winter and summer?", context, "a"},
                new String[] {"where did the old man of the sea live in winter and summer", "another one", "a"}));
        assertThat(found).containsExactly(-1, -1, 0, -1);
    }

    @Test
    void largeGroupsOfOneTextAreFoundWhole() {
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add(new String[] {
                "dear customer your parcel with the number " + i + " will be delivered to you on the next working day",
                "a"
            });
        }
        int[] found = search(rows);
        assertThat(found[0]).isEqualTo(-1);
        assertThat(Arrays.stream(found).filter(row -> row >= 0).count()).isGreaterThan(2990);
    }
}
