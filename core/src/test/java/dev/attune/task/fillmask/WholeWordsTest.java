package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.model.Golden;
import dev.attune.task.JoinedTexts;
import dev.attune.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Words are those of the reference ({@code parity/make_fill_mask_golden.py}), and are hidden whole. */
class WholeWordsTest {
    private static final Path FOLDER = Golden.path("task/fillmask");
    private static final FillMaskSettings SETTINGS =
            FillMaskSettings.builder().wholeWordMask(true).build();
    private static final int MASK = 4;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.load(FOLDER.resolve("model"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static Example example(String text) {
        return WholeWords.example(tokenizer.encode(text, null, 99));
    }

    @Test
    void wordsAreThoseOfTheReference() {
        JsonNode golden = Golden.json(FOLDER.resolve("words.json"));
        assertThat(golden.size()).isEqualTo(4);
        for (JsonNode row : golden) {
            Example text = example(row.get("text").stringValue());
            assertThat(text.ids()).containsExactly(Golden.ints(row.get("ids")));
            int[] words = Golden.ints(row.get("words"));
            for (int i = 1; i < words.length; i++) {
                boolean same = words[i] >= 0 && words[i] == words[i - 1];
                assertThat(WholeWords.goesOn(text, i))
                        .as(row.get("text") + ", token " + i)
                        .isEqualTo(same);
            }
        }
    }

    /** "films", "badly" and "bad." have two tokens each. */
    @Test
    void aWordIsHiddenWholeOrNotAtAll() {
        Example text = example("the films was badly bad.");
        int[] words = {-1, 0, 1, 1, 2, 3, 3, 4, 4, -1};
        Masking masking = new Masking(SETTINGS, tokenizer, 42);
        int rounds = 20_000;
        int[] hidden = new int[5];
        int together = 0;
        for (int round = 0; round < rounds; round++) {
            Example masked = masking.hide(text, round / 100, round % 100);
            int[] count = new int[5];
            for (int i = 0; i < words.length; i++) {
                boolean chosen = masked.labels()[i] != Masking.NONE;
                assertThat(masked.ids()[i]).isEqualTo(chosen ? MASK : text.ids()[i]);
                if (chosen) {
                    assertThat(masked.labels()[i]).isEqualTo(text.ids()[i]);
                    count[words[i]]++;
                }
            }
            int[] sizes = {1, 2, 1, 2, 2};
            for (int w = 0; w < 5; w++) {
                assertThat(count[w]).isIn(0, sizes[w]);
                if (count[w] > 0) hidden[w]++;
            }
            if (count[1] > 0 && count[3] > 0) together++;
        }
        // Each word by itself with 0.15: four standard deviations are 0.0101, and for two words at once 0.0042.
        for (int w = 0; w < 5; w++) assertThat(hidden[w] / (double) rounds).isCloseTo(0.15, within(0.0101));
        assertThat(together / (double) rounds).isCloseTo(0.0225, within(0.0042));
        assertThat(masking.hide(text, 3, 5).ids())
                .isEqualTo(new Masking(SETTINGS, tokenizer, 42).hide(text, 3, 5).ids());
    }

    /** A special token is no part of a word, even where no space stands between them, and the word after it is another. */
    @Test
    void specialTokensPartWords() {
        Example text = example("bad[MASK]bad");
        assertThat(text.ids()).containsExactly(2, 12, MASK, 12, 3);
        Masking masking = new Masking(SETTINGS, tokenizer, 1);
        boolean apart = false;
        for (int round = 0; round < 200; round++) {
            int[] labels = masking.hide(text, 0, round).labels();
            assertThat(labels[2]).isEqualTo(Masking.NONE);
            apart |= (labels[1] == Masking.NONE) != (labels[3] == Masking.NONE);
        }
        assertThat(apart).isTrue();
    }

    @Test
    void chunksKeepTheWords() {
        List<Example> chunks = new ArrayList<>();
        JoinedTexts joined = new JoinedTexts(
                new EncodedSink() {
                    @Override
                    public void add(int row, Example example) {
                        chunks.add(example);
                    }

                    @Override
                    public void note(String sentence) {}
                },
                4);
        joined.add(0, example("the films was badly bad."));
        joined.add(1, example("films"));
        joined.flush();
        assertThat(chunks.stream().map(Example::ids).map(Arrays::toString))
                .containsExactly("[2, 5, 7, 24]", "[9, 12, 25, 12]", "[19, 3, 2, 7]", "[24, 3]");
        assertThat(chunks.stream().map(Example::labels).map(Arrays::toString))
                .containsExactly("[0, 0, 0, 1]", "[0, 0, 1, 0]", "[1, 0, 0, 0]", "[1, 0]");
        // A word that a cut has parted is two words: what goes on at the start of a chunk starts one there.
        var all =
                FillMaskSettings.builder().wholeWordMask(true).mlmProbability(1).build();
        assertThat(new Masking(all, tokenizer, 1).hide(chunks.get(3), 0, 3).ids())
                .containsExactly(MASK, 3);
    }
}
