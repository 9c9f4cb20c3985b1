package dev.attune.task.featureextraction;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.model.EncoderModel;
import dev.attune.model.Head;
import dev.attune.model.Tokens;
import dev.attune.task.FineTuned;
import dev.attune.task.ForwardPass;
import dev.attune.task.Pipeline;
import dev.attune.task.ServedModel;
import dev.attune.task.TextEncoder;
import dev.attune.task.TextRows;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A model ready to turn texts into vectors.
 *
 * <pre>{@code
 * try (var features = FeatureExtractionPipeline.load("minilm")) {
 *     float[] vector = features.vector("I lost my card"); // 384 numbers
 * }
 * }</pre>
 *
 * <p>Any encoder will do, fine-tuned or not: only its hidden states are read, no head and no pooler. Give it many texts at
 * once where there are many: they are computed in the order of their lengths, and answered in yours. Several threads may ask
 * at the same time; closing waits for them.
 */
public final class FeatureExtractionPipeline implements Pipeline<String, TextFeatures> {
    /** Texts whose tokens' vectors are in memory together: of 512 tokens and 1,024 numbers each they take 128 MB. */
    private static final int TOKENS_AT_ONCE = 64;

    private final FineTuned model;
    private final ServedModel served;
    private final EncoderModel encoder;
    private final FeatureExtractionAnswers asked;
    private final TextEncoder texts;
    /** By the names of all columns of a set: a pipeline may be asked about several. */
    private final Map<List<String>, String> columns = new ConcurrentHashMap<>();

    private FeatureExtractionPipeline(FineTuned model, ServedModel served, FeatureExtractionAnswers asked) {
        this.model = model;
        this.served = served;
        this.encoder = (EncoderModel) served.model();
        this.asked = asked;
        this.texts = new TextEncoder(served.tokenizer(), served.maxLength());
    }

    /** Loads a model folder, or anything else that {@link dev.attune.hub.Hub#resolve} understands; vectors are means. */
    public static FeatureExtractionPipeline load(String model) {
        return load(FineTuned.open(model), FeatureExtractionAnswers.MEAN);
    }

    /** As {@link #load(String)}, with other vectors than the means. */
    public static FeatureExtractionPipeline load(FineTuned model, FeatureExtractionAnswers answers) {
        ServedModel served = ServedModel.open(model, Head.HIDDEN_STATES, config -> config);
        try {
            return new FeatureExtractionPipeline(model, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /**
     * The vector of one text.
     *
     * @throws IllegalStateException if pooling is none
     */
    public float[] vector(String text) {
        return vectors(List.of(text)).get(0);
    }

    /** The vector of each text, in order; as {@link #vector}. */
    public List<float[]> vectors(List<String> texts) {
        requirePooling(true);
        return answer(checked(texts)).stream().map(TextFeatures::vector).toList();
    }

    /**
     * The vectors of the tokens of each text, special tokens included.
     *
     * @throws IllegalStateException unless pooling is none
     */
    public List<float[][]> tokenVectors(List<String> texts) {
        requirePooling(false);
        return answer(checked(texts)).stream().map(TextFeatures::vectors).toList();
    }

    private void requirePooling(boolean wanted) {
        if (wanted == pooled()) return;
        throw new IllegalStateException("pooling is " + asked.pooling() + ": ask for "
                + (wanted ? "the vectors of tokens." : "the vectors of texts."));
    }

    private boolean pooled() {
        return asked.pooling() != Pooling.NONE;
    }

    private static List<String> checked(List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) throw new DataException("Text " + (i + 1) + " is empty.");
        }
        return texts;
    }

    @Override
    public String input(String text) {
        if (text.isBlank()) throw new DataException("the text is empty. Give it a text, or remove it.");
        return text;
    }

    @Override
    public String input(Dataset data, int row) {
        String column = columns.computeIfAbsent(
                data.columns(), names -> FeatureExtractionSettings.column(data, model.column("text_column", names)));
        return TextRows.text(data, row, column);
    }

    @Override
    public int inputsAtOnce() {
        return pooled() ? Pipeline.super.inputsAtOnce() : TOKENS_AT_ONCE;
    }

    @Override
    public List<TextFeatures> answer(List<String> inputs) {
        return served.outputs(inputs, text -> texts.example(text, null), ForwardPass.BATCH_TOKENS, this::answers);
    }

    private List<TextFeatures> answers(Batch batch) {
        Tokens tokens = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths());
        Tensor hidden = encoder.forward(tokens).lastHiddenState(); // (N, C)
        boolean first = asked.pooling() == Pooling.CLS;
        if (first) hidden = hidden.rows(tokens.layout().firstTokens()); // (B, C)
        int size = Math.toIntExact(hidden.size(1));
        float[] values = hidden.to(DType.FLOAT32).toFloats();
        List<TextFeatures> answers = new ArrayList<>(batch.size());
        int row = 0;
        for (int length : batch.lengths()) {
            float[][] vectors = new float[first ? 1 : length][];
            for (int t = 0; t < vectors.length; t++, row++) {
                vectors[t] = Arrays.copyOfRange(values, row * size, (row + 1) * size);
            }
            if (asked.pooling() == Pooling.MEAN) vectors = new float[][] {Pooling.mean(vectors)};
            if (asked.normalize()) for (float[] vector : vectors) Pooling.normalize(vector);
            answers.add(new TextFeatures(vectors, pooled()));
        }
        return answers;
    }

    @Override
    public Object json(TextFeatures answer) {
        return answer.json();
    }

    @Override
    public Map<String, ?> cells(TextFeatures answer) {
        return Map.of("features", answer.json());
    }

    /** None: there are no right answers. */
    @Override
    public @Nullable Scorer<TextFeatures> scorer(Dataset data) {
        return null;
    }

    @Override
    public List<String> notes() {
        return texts.notes();
    }

    @Override
    public void close() {
        served.close();
    }
}
