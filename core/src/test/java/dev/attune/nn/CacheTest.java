package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.LeakExtension;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A text that is written token by token sees what it sees when it is read at once. */
@ExtendWith(LeakExtension.class)
class CacheTest {
    private static final int HEADS = 6;
    private static final int D = 4;
    private static final Dropout NONE = new Dropout(0);

    /** Tokens of a text in two layers: what is asked, what is seen. */
    private record Text(List<float[]> tokens, List<float[]> outputs) {
        static Text random(Random random, int length) {
            List<float[]> tokens = new ArrayList<>();
            for (int t = 0; t < length; t++) {
                float[] token = new float[HEADS * D];
                for (int i = 0; i < token.length; i++) token[i] = (float) random.nextGaussian();
                tokens.add(token);
            }
            return new Text(tokens, new ArrayList<>());
        }
    }

    private static Tensor rows(List<float[]> rows) {
        float[] all = new float[rows.size() * HEADS * D];
        for (int i = 0; i < rows.size(); i++) System.arraycopy(rows.get(i), 0, all, i * HEADS * D, HEADS * D);
        return Tensor.ofFloats(all, rows.size(), HEADS * D);
    }

    /** Two layers, of which the second sees what the first gives. */
    private static Tensor layers(Tensor x, SequenceLayout layout, Heads heads, @Nullable ScoreBias bias) {
        for (int layer = 0; layer < 2; layer++) {
            Tensor few = x.narrow(1, 0, (long) heads.keyValue() * D).mul(1.5 - layer);
            x = Attention.forward(x, few, few.mul(-0.5), layout, heads, bias, NONE)
                    .add(x);
        }
        return x;
    }

    private static @Nullable ScoreBias bias(SequenceLayout layout, boolean wanted) {
        if (!wanted) return null;
        return ScoreBias.of(layout, (queries, keys) -> {
            int count = queries == null ? keys : queries.length;
            float[] all = new float[count * HEADS * keys];
            for (int b = 0; b < count; b++) {
                int place = queries == null ? b : queries[b];
                for (int h = 0; h < HEADS; h++) {
                    for (int k = 0; k < keys; k++) {
                        int at = queries == null ? (h * keys + b) * keys + k : (b * HEADS + h) * keys + k;
                        all[at] = (float) Math.sin(h + 0.3 * (place - k));
                    }
                }
            }
            return queries == null
                    ? Tensor.ofFloats(all, 1, HEADS, keys, keys)
                    : Tensor.ofFloats(all, count, HEADS, 1, keys);
        });
    }

    private static List<float[]> floats(Tensor x) {
        float[] all = x.toFloats();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < all.length; i += HEADS * D) rows.add(Arrays.copyOfRange(all, i, i + HEADS * D));
        return rows;
    }

    private void agrees(Heads heads, boolean biased, int... prompts) {
        Random random = new Random(7);
        int more = 70; // more than one block of places
        List<Text> texts = new ArrayList<>();
        for (int prompt : prompts) texts.add(Text.random(random, prompt + more));
        Grad.off(() -> {
            try (KeyValueCache cache = new KeyValueCache()) {
                List<float[]> first = new ArrayList<>();
                for (int b = 0; b < prompts.length; b++)
                    first.addAll(texts.get(b).tokens.subList(0, prompts[b]));
                try (Scope scope = Scope.open()) {
                    SequenceLayout layout = cache.prompt(prompts);
                    List<float[]> out = floats(layers(rows(first), layout, heads, bias(layout, biased)));
                    int at = 0;
                    for (int b = 0; b < prompts.length; b++) {
                        for (int t = 0; t < prompts[b]; t++)
                            texts.get(b).outputs.add(out.get(at++));
                    }
                }
                for (int step = 0; step < more; step++) {
                    try (Scope scope = Scope.open()) {
                        SequenceLayout layout = cache.step();
                        List<float[]> next = new ArrayList<>();
                        for (Text text : texts) next.add(text.tokens.get(text.outputs.size()));
                        List<float[]> out = floats(layers(rows(next), layout, heads, bias(layout, biased)));
                        for (int b = 0; b < prompts.length; b++)
                            texts.get(b).outputs.add(out.get(b));
                    }
                }
            }
            for (Text text : texts) {
                try (Scope scope = Scope.open()) {
                    SequenceLayout whole = new SequenceLayout(new int[] {text.tokens.size()});
                    List<float[]> expected = floats(layers(rows(text.tokens), whole, heads, bias(whole, biased)));
                    for (int t = 0; t < expected.size(); t++) {
                        assertThat(text.outputs.get(t))
                                .as("token %d of %d, %s", t, expected.size(), heads)
                                .containsExactly(expected.get(t), within(2e-5f));
                    }
                }
            }
            return true;
        });
    }

    @Test
    void tokensOneByOne() {
        agrees(Heads.causal(HEADS, D), false, 5);
        agrees(Heads.causal(HEADS, D), false, 5, 1, 9);
    }

    @Test
    void groupedQueriesAndWindows() {
        agrees(Heads.causal(HEADS, D).withKeyValueHeads(2), false, 3, 8);
        agrees(Heads.causal(HEADS, D).withKeyValueHeads(3).withWindow(6), false, 12, 1, 4);
    }

    @Test
    void whatAFamilyAddsToTheScores() {
        agrees(Heads.causal(HEADS, D).withScale(1), true, 2, 7);
    }

    @Test
    void textsEndAndDivide() {
        Heads heads = Heads.causal(HEADS, D);
        Random random = new Random(8);
        Text a = Text.random(random, 4);
        Text b = Text.random(random, 6);
        Text more = Text.random(random, 3);
        Grad.off(() -> {
            try (KeyValueCache cache = new KeyValueCache();
                    Scope scope = Scope.open()) {
                List<float[]> both = new ArrayList<>(a.tokens);
                both.addAll(b.tokens);
                layers(rows(both), cache.prompt(new int[] {4, 6}), heads, null);
                cache.keep(new int[] {1, 1, 0});
                List<float[]> out = floats(layers(rows(more.tokens), cache.step(), heads, null));
                for (int i = 0; i < 3; i++) {
                    List<float[]> text = new ArrayList<>(i == 2 ? a.tokens : b.tokens);
                    text.add(more.tokens.get(i));
                    SequenceLayout whole = new SequenceLayout(new int[] {text.size()});
                    List<float[]> expected = floats(layers(rows(text), whole, heads, null));
                    assertThat(out.get(i))
                            .as("text %d", i)
                            .containsExactly(expected.get(expected.size() - 1), within(2e-5f));
                }
            }
            return true;
        });
    }

    @Test
    void whatWasEncodedIsMadeOnce() {
        Heads heads = Heads.bidirectional(HEADS, D).withKeyValueHeads(3);
        Random random = new Random(9);
        Text long1 = Text.random(random, 9);
        Text short2 = Text.random(random, 4);
        Text asking = Text.random(random, 5);
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                SequenceLayout encoded = new SequenceLayout(new int[] {9, 4});
                List<float[]> all = new ArrayList<>(long1.tokens);
                all.addAll(short2.tokens);
                Tensor x = rows(all);
                Tensor keys = x.narrow(1, 0, 3 * D);
                Tensor values = x.narrow(1, D, 3 * D);
                try (CrossCache cache = new CrossCache(encoded)) {
                    SequenceLayout two = new SequenceLayout(new int[] {1, 1});
                    seen(cache.layout(two), asking.tokens.subList(0, 2), keys, values, heads, long1, short2);
                    // Four texts look at the first one, and one at the second; then the second alone is left.
                    cache.keep(new int[] {0, 0, 0, 0, 1});
                    SequenceLayout five = new SequenceLayout(new int[] {1, 1, 1, 1, 1});
                    seen(cache.layout(five), asking.tokens, null, null, heads, long1, long1, long1, long1, short2);
                    assertThatThrownBy(() -> cache.keep(new int[] {4, 0})).isInstanceOf(IllegalArgumentException.class);
                    cache.keep(new int[] {4, 4});
                    seen(cache.layout(two), asking.tokens.subList(0, 2), null, null, heads, short2, short2);
                }
            }
            return true;
        });
    }

    private static void seen(
            CrossLayout layout,
            List<float[]> queries,
            @Nullable Tensor keys,
            @Nullable Tensor values,
            Heads heads,
            Text... texts) {
        List<float[]> out = floats(
                Attention.cross(rows(queries), () -> required(keys), () -> required(values), layout, heads, NONE));
        for (int i = 0; i < texts.length; i++) {
            Tensor text = rows(texts[i].tokens);
            CrossLayout alone = CrossLayout.of(
                    new SequenceLayout(new int[] {1}), new SequenceLayout(new int[] {texts[i].tokens.size()}));
            Tensor expected = Attention.cross(
                    rows(queries.subList(i, i + 1)),
                    () -> text.narrow(1, 0, 3 * D),
                    () -> text.narrow(1, D, 3 * D),
                    alone,
                    heads,
                    NONE);
            assertThat(out.get(i)).as("query %d", i).containsExactly(expected.toFloats(), within(2e-5f));
        }
    }

    private static Tensor required(@Nullable Tensor made) {
        if (made == null) throw new AssertionError("keys and values are made again");
        return made;
    }

    @Test
    void sixteenBits() {
        Heads heads = Heads.causal(HEADS, D);
        Text text = Text.random(new Random(10), 6);
        Grad.off(() -> {
            try (KeyValueCache cache = new KeyValueCache();
                    Scope scope = Scope.open()) {
                Tensor prompt = rows(text.tokens.subList(0, 5)).to(DType.BFLOAT16);
                layers(prompt, cache.prompt(new int[] {5}), heads, null);
                Tensor last = rows(text.tokens.subList(5, 6)).to(DType.BFLOAT16);
                float[] out = layers(last, cache.step(), heads, null)
                        .to(DType.FLOAT32)
                        .toFloats();
                SequenceLayout whole = new SequenceLayout(new int[] {6});
                List<float[]> expected = floats(layers(rows(text.tokens), whole, heads, null));
                assertThat(out).containsExactly(expected.get(5), within(0.15f));
            }
            return true;
        });
    }

    @Test
    void mistakes() {
        try (KeyValueCache cache = new KeyValueCache()) {
            assertThatThrownBy(cache::step).hasMessage("no text has begun");
        }
    }
}
