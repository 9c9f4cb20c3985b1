package dev.attune.task.textgeneration;

import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.generate.DecoderContinuation;
import dev.attune.generate.Generated;
import dev.attune.generate.GenerationArguments;
import dev.attune.generate.GenerationArgumentsBuilder;
import dev.attune.generate.GenerationConfig;
import dev.attune.generate.TokenListener;
import dev.attune.model.Head;
import dev.attune.model.LanguageModel;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.ServedModel;
import dev.attune.task.TextRows;
import dev.attune.task.TextWriter;
import dev.attune.task.WrittenPieces;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model ready to go on with texts.
 *
 * <pre>{@code
 * try (var writer = TextGenerationPipeline.load("path/to/model")) {
 *     System.out.println(writer.predict("Once upon a time"));
 * }
 * }</pre>
 *
 * <p>Several threads may ask at the same time; closing waits for them.
 */
public final class TextGenerationPipeline implements Pipeline<String, WrittenTexts> {
    private static final int NEW_TOKENS = 256;
    private static final double TEMPERATURE = 0.7;

    private final FineTuned model;
    private final ServedModel served;
    private final Tokenizer tokenizer;
    private final GenerationConfig config;
    private final boolean returnFullText;
    /** By the names of all columns of a set: a pipeline may be asked about several. */
    private final Map<List<String>, String> columns = new ConcurrentHashMap<>();

    private TextGenerationPipeline(FineTuned model, ServedModel served, TextGenerationAnswers asked) {
        this.model = model;
        this.served = served;
        this.tokenizer = served.tokenizer();
        this.returnFullText = asked.returnFullText();
        int positions = served.model().config().maxLength(Integer.MAX_VALUE);
        GenerationConfig own = GenerationConfig.of(served.model()).ofDecoder(positions);
        this.config = own.with(withDefaults(own, asked.generation()));
    }

    /** What the pipeline of the reference puts in where neither the model's file nor the caller says anything. */
    private static GenerationArguments withDefaults(GenerationConfig own, GenerationArguments asked) {
        GenerationArguments file = own.arguments();
        GenerationArgumentsBuilder all = GenerationArgumentsBuilder.builder(asked);
        boolean limited = asked.maxNewTokens() != null || asked.maxLength() != null;
        if (!limited && file.maxNewTokens() == null && file.maxLength() == null) all.maxNewTokens(NEW_TOKENS);
        Boolean draws = asked.doSample() != null ? asked.doSample() : file.doSample();
        if (draws == null && asked.numBeams() == null) {
            draws = true;
            all.doSample(true);
        }
        boolean heated = asked.temperature() != null || file.temperature() != null;
        if (Boolean.TRUE.equals(draws) && !heated) all.temperature(TEMPERATURE);
        return all.build();
    }

    /** Loads a model folder with a causal language model, or anything else that {@link dev.attune.hub.Hub#resolve} takes. */
    public static TextGenerationPipeline load(String model) {
        return load(FineTuned.open(model), TextGenerationAnswers.DEFAULT);
    }

    /** As {@link #load(String)}, with other answers. */
    public static TextGenerationPipeline load(FineTuned model, TextGenerationAnswers answers) {
        ServedModel served = ServedModel.open(model, Head.CAUSAL_LM, config -> config);
        try {
            return new TextGenerationPipeline(model, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /** The text that comes out for a prompt. */
    public String predict(String prompt) {
        return answer(List.of(input(prompt))).get(0).text();
    }

    @Override
    public String input(String text) {
        if (text.isEmpty()) throw new DataException("the prompt is empty. Give it a beginning.");
        return text;
    }

    @Override
    public String input(Dataset data, int row) {
        return TextRows.text(data, row, column(data));
    }

    private String column(Dataset data) {
        return columns.computeIfAbsent(data.columns(), names -> {
            String prompt = model.column("prompt_column", names);
            return TextParts.prompts(data, prompt != null ? prompt : model.column("text_column", names));
        });
    }

    @Override
    public List<WrittenTexts> answer(List<String> inputs) {
        return served.use(() -> answer(inputs, TokenListener.NONE));
    }

    @Override
    public WrittenTexts answer(String input, Consumer<String> pieces) {
        return served.use(() -> {
            WrittenPieces written = new WrittenPieces(
                    tokenizer,
                    tokenizer.encodeIds(input, null, Integer.MAX_VALUE).ids(),
                    pieces);
            if (returnFullText) pieces.accept(input);
            return answer(List.of(input), (prompt, token) -> written.add(token)).get(0);
        });
    }

    private List<WrittenTexts> answer(List<String> inputs, TokenListener listener) {
        List<int[]> prompts = inputs.stream()
                .map(text -> tokenizer.encodeIds(text, null, Integer.MAX_VALUE).ids())
                .toList();
        int words = served.model().config().integer("vocab_size", 0);
        TextWriter writer = new TextWriter(
                config,
                tokenizer,
                some -> new DecoderContinuation((LanguageModel) served.model(), words, some, served.precision()));
        List<List<Generated>> written = writer.write(prompts, listener);
        List<WrittenTexts> answers = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) answers.add(texts(inputs.get(i), prompts.get(i), written.get(i)));
        return answers;
    }

    /** A token may look otherwise behind another one: what is new is what the whole text has more than the prompt. */
    private WrittenTexts texts(String input, int[] prompt, List<Generated> written) {
        List<String> texts = new ArrayList<>();
        for (Generated each : written) {
            String more = WrittenPieces.behind(tokenizer, prompt, each.ids());
            texts.add(returnFullText ? input + more : more);
        }
        return new WrittenTexts(texts);
    }

    @Override
    public int inputsAtOnce() {
        return 64;
    }

    @Override
    public Object json(WrittenTexts answer) {
        return answer.json();
    }

    @Override
    public Map<String, ?> cells(WrittenTexts answer) {
        return Map.of("generated_text", answer.texts().size() == 1 ? answer.text() : answer.texts());
    }

    @Override
    public @Nullable Scorer<WrittenTexts> scorer(Dataset data) {
        return null;
    }

    @Override
    public List<String> notes() {
        return List.of();
    }

    @Override
    public void close() {
        served.close();
    }
}
