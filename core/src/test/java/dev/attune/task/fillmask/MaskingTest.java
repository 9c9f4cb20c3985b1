package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.model.TinyModel;
import dev.attune.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskingTest {
    private static final int LENGTH = 20_000;
    private static final int CLS = 2;
    private static final int SEP = 3;
    private static final int MASK = 4;

    @TempDir
    Path temp;

    private Tokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = Tokenizer.load(TinyModel.make(temp));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    /** Every tenth token is special: [PAD], [CLS], [SEP], [MASK] in turn; the others are all the other ids in turn. */
    private static Example text(int length, int vocabulary) {
        int[] ids = new int[length];
        for (int i = 0; i < length; i++)
            ids[i] = i % 10 == 0 ? List.of(0, CLS, SEP, MASK).get(i / 10 % 4) : 5 + i % (vocabulary - 5);
        return new Example(ids, new int[length], new int[0], new float[0]);
    }

    @Test
    void ratesAreThoseOfBert() {
        int vocabulary = tokenizer.vocabularySize();
        Example text = text(LENGTH, vocabulary);
        Masking masking = new Masking(FillMaskSettings.DEFAULT, tokenizer, 42);
        int plain = 0, chosen = 0, masked = 0, same = 0, random = 0;
        int[] drawn = new int[vocabulary];
        for (int epoch = 0; epoch < 10; epoch++) {
            Example hidden = masking.hide(text, epoch, 7);
            assertThat(hidden.labels()).hasSize(LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                int before = text.ids()[i];
                int after = hidden.ids()[i];
                int label = hidden.labels()[i];
                if (before < 5) {
                    assertThat(label).as("special tokens are never chosen").isEqualTo(-100);
                    assertThat(after).isEqualTo(before);
                    continue;
                }
                plain++;
                if (label == -100) {
                    assertThat(after).isEqualTo(before);
                    continue;
                }
                assertThat(label).isEqualTo(before);
                chosen++;
                if (after == MASK) masked++;
                else if (after == before) same++;
                else random++;
                if (after != MASK && after != before) drawn[after]++;
            }
        }
        // 180,000 tokens, 27,000 chosen: three standard deviations are 0.0025 and 0.0073.
        assertThat(chosen / (double) plain).isCloseTo(0.15, within(0.0025));
        assertThat(masked / (double) chosen).isCloseTo(0.8, within(0.0073));
        assertThat(same / (double) chosen).isCloseTo(0.1, within(0.0057));
        assertThat(random / (double) chosen).isCloseTo(0.1, within(0.0057));
        // A random token may be any, with about 2,700 / 70 = 38 of each.
        for (int id = 0; id < vocabulary; id++)
            if (id != MASK) assertThat(drawn[id]).as("id " + id).isBetween(10, 80);
    }

    @Test
    void seedEpochAndNumberDecide() {
        Example text = text(400, tokenizer.vocabularySize());
        Masking masking = new Masking(FillMaskSettings.DEFAULT, tokenizer, 42);
        int[] first = masking.hide(text, 3, 5).ids();
        assertThat(new Masking(FillMaskSettings.DEFAULT, tokenizer, 42)
                        .hide(text, 3, 5)
                        .ids())
                .isEqualTo(first);
        assertThat(masking.hide(text, 4, 5).ids()).isNotEqualTo(first);
        assertThat(masking.hide(text, 3, 6).ids()).isNotEqualTo(first);
        assertThat(masking.hide(text, 5, 3).ids()).isNotEqualTo(first);
        assertThat(new Masking(FillMaskSettings.DEFAULT, tokenizer, 43)
                        .hide(text, 3, 5)
                        .ids())
                .isNotEqualTo(first);

        Examples examples = new MaskedExamples(Examples.of(List.of(text, text)), masking);
        assertThat(examples.get(1, 2).ids()).isEqualTo(masking.hide(text, 2, 1).ids());
        assertThat(examples.lengths()).containsExactly(400, 400);
        assertThat(text.ids())
                .as("the text itself stays")
                .isEqualTo(text(400, tokenizer.vocabularySize()).ids());
    }

    @Test
    void sharesMayBeChanged() {
        Example text = text(1000, tokenizer.vocabularySize());
        var all = FillMaskSettings.builder()
                .mlmProbability(1)
                .maskReplaceProb(1)
                .randomReplaceProb(0)
                .build();
        Example hidden = new Masking(all, tokenizer, 1).hide(text, 0, 0);
        assertThat(Arrays.stream(hidden.ids()).filter(id -> id == MASK).count()).isEqualTo(900 + 25);
        assertThatThrownBy(
                        () -> FillMaskSettings.builder().maskReplaceProb(0.95).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("add up to more than 1");
    }
}
