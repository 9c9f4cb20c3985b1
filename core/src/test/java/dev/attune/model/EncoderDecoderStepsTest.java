package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.nn.CrossCache;
import dev.attune.nn.CrossLayout;
import dev.attune.nn.KeyValueCache;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text that is written token by token gets the scores of the text that is given at once. */
class EncoderDecoderStepsTest {
    private static final long SEED = 20261130;
    private static final int[] READ = {9, 1, 21, 5};

    /** What is written about one of the texts that are read. */
    private record Written(int[] read, List<Integer> ids) {
        Written copy() {
            return new Written(read, new ArrayList<>(ids));
        }
    }

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @ValueSource(strings = {"t5-write-a", "t5-write-b", "bart-write-a", "mbart-write-b"})
    void stepsAreTheWhole(String name) {
        Path folder = Golden.path("model/seq2seq/" + name);
        try (PretrainedModel model = Models.load(folder, Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity())
                .model()) {
            int words = model.config().integer("vocab_size", 0);
            Grad.off(() -> agree((EncoderDecoder) model, words));
        }
    }

    private void agree(EncoderDecoder model, int words) {
        List<Written> texts = new ArrayList<>();
        for (int i = 0; i < READ.length; i++) {
            Written text = new Written(draw(READ[i], words), new ArrayList<>());
            for (int id : draw(1 + 2 * i % 5, words)) text.ids.add(id);
            texts.add(text);
        }
        try (Scope scope = Scope.open();
                KeyValueCache cache = new KeyValueCache()) {
            Tokens read = tokens(texts.stream().map(Written::read).toList());
            Tensor encoded = model.encode(read);
            try (CrossCache cross = new CrossCache(read.layout())) {
                int[] prompts = texts.stream().mapToInt(text -> text.ids.size()).toArray();
                compare(model, texts, cache.prompt(prompts), encoded, cross, true);
                for (int step = 0; step < 18; step++) {
                    // Two beams of the third text, later three of the last one; the others have ended.
                    if (step == 4) texts = keep(texts, cache, cross, 0, 2, 2, 3);
                    if (step == 9) texts = keep(texts, cache, cross, 1, 3, 3, 3);
                    for (Written text : texts) text.ids.add(random.nextInt(words));
                    compare(model, texts, cache.step(), encoded, cross, false);
                }
            }
        }
    }

    private static List<Written> keep(List<Written> texts, KeyValueCache cache, CrossCache cross, int... numbers) {
        cache.keep(numbers);
        cross.keep(numbers);
        return Arrays.stream(numbers)
                .mapToObj(number -> texts.get(number).copy())
                .toList();
    }

    /** The scores behind the last token of each text. */
    private void compare(
            EncoderDecoder model,
            List<Written> texts,
            SequenceLayout layout,
            Tensor encoded,
            CrossCache cross,
            boolean prompt) {
        try (Scope scope = Scope.open()) {
            int[] ids = texts.stream()
                    .flatMap(text -> text.ids.subList(prompt ? 0 : text.ids.size() - 1, text.ids.size()).stream())
                    .mapToInt(id -> id)
                    .toArray();
            Tokens written = new Tokens(Tensor.ofInts(ids), Tensor.ofInts(new int[ids.length]), layout);
            Tensor logits = model.forward(written, encoded, cross.layout(layout), layout.lastTokens()); // (B, V)
            for (int b = 0; b < texts.size(); b++) {
                float[] step = logits.narrow(0, b, 1).toFloats();
                Golden.assertClose("text " + b + ", seed " + SEED, step, whole(model, texts.get(b)), 1e-5);
                assertThat(step).hasSizeGreaterThan(1);
            }
        }
    }

    private static float[] whole(EncoderDecoder model, Written text) {
        try (Scope scope = Scope.open()) {
            Tokens read = tokens(List.of(text.read));
            Tokens given = tokens(List.of(text.ids.stream().mapToInt(id -> id).toArray()));
            CrossLayout across = CrossLayout.of(given.layout(), read.layout());
            Tensor last = Tensor.ofInts(new int[] {text.ids.size() - 1});
            return model.forward(given, model.encode(read), across, last).toFloats();
        }
    }

    private int[] draw(int count, int words) {
        return random.ints(count, 0, words).toArray();
    }

    private static Tokens tokens(List<int[]> texts) {
        int[] ids = texts.stream().flatMapToInt(Arrays::stream).toArray();
        return Tokens.of(
                ids,
                new int[ids.length],
                texts.stream().mapToInt(text -> text.length).toArray());
    }
}
