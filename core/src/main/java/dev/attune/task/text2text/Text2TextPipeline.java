package dev.attune.task.text2text;

import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.generate.Generated;
import dev.attune.generate.GenerationConfig;
import dev.attune.generate.TokenListener;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.Head;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.ServedModel;
import dev.attune.task.TextEncoder;
import dev.attune.task.WrittenPieces;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An encoder-decoder ready to write about texts: to summarise them, to translate them, to answer them.
 *
 * <pre>{@code
 * try (var writer = Text2TextPipeline.load("path/to/model")) {
 *     System.out.println(writer.predict("meet me on the third of May"));
 * }
 * }</pre>
 *
 * <p>Several threads may ask at the same time; closing waits for them.
 */
public final class Text2TextPipeline implements Pipeline<String, TextsAbout> {
    private final FineTuned model;
    private final Kind kind;
    private final ServedModel served;
    private final String prefix;
    private final TextEncoder encoder;
    private final GenerationConfig config;
    /** By the names of all columns of a set: a pipeline may be asked about several. */
    private final Map<List<String>, String> columns = new ConcurrentHashMap<>();

    private Text2TextPipeline(FineTuned model, Kind kind, ServedModel served, Text2TextAnswers asked) {
        this.model = model;
        this.kind = kind;
        this.served = served;
        this.prefix = Prefix.of(model, served.model().config(), kind);
        this.encoder = new TextEncoder(served.tokenizer(), served.maxLength());
        this.config = Writing.config(served.model(), asked.generation());
    }

    /** Loads a model folder with an encoder-decoder, or anything else that {@link dev.attune.hub.Hub#resolve} takes. */
    public static Text2TextPipeline load(String model) {
        return load(FineTuned.open(model), Text2TextAnswers.DEFAULT);
    }

    /** As {@link #load(String)}, with texts that come out otherwise. */
    public static Text2TextPipeline load(FineTuned model, Text2TextAnswers answers) {
        return load(model, Kind.ANY, answers);
    }

    static Text2TextPipeline load(FineTuned model, Kind kind, Text2TextAnswers answers) {
        ServedModel served = ServedModel.open(model, Head.SEQUENCE_TO_SEQUENCE, config -> config);
        try {
            return new Text2TextPipeline(model, kind, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /** The text that is written about this one. */
    public String predict(String text) {
        return answer(List.of(input(text))).get(0).text();
    }

    @Override
    public String input(String text) {
        if (text.isBlank()) throw new DataException("the text is empty. Give it a text, or remove it.");
        return text;
    }

    @Override
    public String input(Dataset data, int row) {
        String column = columns.computeIfAbsent(
                data.columns(), names -> PairColumns.source(data, model.column("source_column", names), kind));
        return PairColumns.requiredText(data, row, column);
    }

    @Override
    public List<TextsAbout> answer(List<String> inputs) {
        return served.use(() -> answer(inputs, TokenListener.NONE));
    }

    @Override
    public TextsAbout answer(String input, Consumer<String> pieces) {
        return served.use(() -> {
            WrittenPieces written = new WrittenPieces(served.tokenizer().ofTargets(), new int[0], pieces);
            return answer(List.of(input), (prompt, token) -> written.add(token)).get(0);
        });
    }

    private List<TextsAbout> answer(List<String> inputs, TokenListener listener) {
        List<int[]> read = inputs.stream()
                .map(text -> encoder.encode(prefix + text, null).ids())
                .toList();
        Writing writing = new Writing(served.model(), served.tokenizer(), config, served.precision());
        List<TextsAbout> answers = new ArrayList<>();
        for (List<Generated> texts : writing.write(read, listener)) {
            answers.add(new TextsAbout(
                    texts.stream().map(text -> writing.text(text.ids())).toList(),
                    texts.get(0).ids().length));
        }
        return answers;
    }

    /** Writes about this text, and tells where the model looked for each token that it wrote. */
    public CrossAttention attention(String text) {
        return served.use(() -> {
            int[] read = encoder.encode(prefix + input(text), null).ids();
            Writing writing = new Writing(served.model(), served.tokenizer(), config, served.precision());
            int[] written = writing.write(List.of(read), TokenListener.NONE)
                    .get(0)
                    .get(0)
                    .ids();
            int[] given = new int[written.length];
            given[0] = config.decoderStart();
            System.arraycopy(written, 0, given, 1, written.length - 1);
            return new CrossAttention(
                    tokens(read, served.tokenizer()),
                    tokens(written, served.tokenizer().ofTargets()),
                    Watching.attention((EncoderDecoder) served.model(), read, given, served.precision()));
        });
    }

    private static List<String> tokens(int[] ids, Tokenizer tokenizer) {
        return Arrays.stream(ids).mapToObj(tokenizer::token).toList();
    }

    @Override
    public int inputsAtOnce() {
        return 64;
    }

    @Override
    public Object json(TextsAbout answer) {
        return answer.json(kind.output());
    }

    @Override
    public Map<String, ?> cells(TextsAbout answer) {
        return Map.of(kind.output(), answer.texts().size() == 1 ? answer.text() : answer.texts());
    }

    @Override
    public @Nullable Scorer<TextsAbout> scorer(Dataset data) {
        String target = model.column("target_column", data.columns());
        return target == null ? null : new WrittenScorer(data, target, model);
    }

    @Override
    public List<String> notes() {
        return encoder.notes();
    }

    @Override
    public void close() {
        served.close();
    }
}
