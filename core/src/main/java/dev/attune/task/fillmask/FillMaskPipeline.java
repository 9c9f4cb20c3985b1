package dev.attune.task.fillmask;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.model.Head;
import dev.attune.model.LanguageModel;
import dev.attune.model.Tokens;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.ServedModel;
import dev.attune.task.TextEncoder;
import dev.attune.task.TextRows;
import dev.attune.tensor.Activations;
import dev.attune.tensor.Tensor;
import dev.attune.tensor.TopK;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A masked language model ready to answer.
 *
 * <pre>{@code
 * try (var words = FillMaskPipeline.load("bert-base-uncased")) {
 *     System.out.println(words.predict("The capital of France is [MASK].").tokenStr()); // paris
 * }
 * }</pre>
 *
 * <p>Several masks of one text are filled each by itself, while the others stay masks. Several threads may ask at the same
 * time; closing waits for them.
 */
public final class FillMaskPipeline implements Pipeline<String, MaskAnswer> {
    private final FineTuned model;
    private final ServedModel served;
    private final Tokenizer tokenizer;
    private final MaskToken mask;
    private final int topK;
    private final Targets targets;
    private final TextEncoder encoder;
    private final int batchTokens;
    /** By the names of all columns of a set: a pipeline may be asked about several. */
    private final Map<List<String>, String> columns = new ConcurrentHashMap<>();

    private FillMaskPipeline(FineTuned model, ServedModel served, FillMaskAnswers asked) {
        this.model = model;
        this.served = served;
        this.tokenizer = served.tokenizer();
        this.mask = MaskToken.of(tokenizer);
        this.topK = asked.topK();
        this.targets = Targets.of(asked.targets(), tokenizer);
        this.encoder = new TextEncoder(tokenizer, served.maxLength());
        this.batchTokens = FillMaskTask.batchTokens(tokenizer.highestTokenId() + 1, 1);
    }

    /** Loads a model folder with a masked language model, or anything else that {@link dev.attune.hub.Hub#resolve} takes. */
    public static FillMaskPipeline load(String model) {
        return load(FineTuned.open(model), FillMaskAnswers.DEFAULT);
    }

    /**
     * As {@link #load(String)}, with other answers than the five likeliest tokens.
     *
     * @throws ConfigException if none of the targets is a token of the model
     */
    public static FillMaskPipeline load(FineTuned model, FillMaskAnswers answers) {
        ServedModel served = ServedModel.open(model, Head.MASKED_LM, config -> config);
        try {
            return new FillMaskPipeline(model, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /** The likeliest token for the first mask of a text. */
    public Filling predict(String text) {
        return answer(List.of(input(text))).get(0).best();
    }

    /** @throws ConfigException if the text has no mask, or loses one to the length limit */
    @Override
    public String input(String text) {
        if (text.isBlank()) throw new DataException("the text is empty. Give it a text, or remove it.");
        String wrong = wrong(text);
        if (wrong != null) throw new ConfigException("\"" + shortened(text) + "\": " + wrong);
        return text;
    }

    @Override
    public String input(Dataset data, int row) {
        String text = TextRows.text(data, row, column(data));
        String wrong = wrong(text);
        if (wrong != null) throw new DataException(data.where(row) + ": " + wrong);
        return text;
    }

    private @Nullable String wrong(String text) {
        return served.use(() -> {
            int limit = served.maxLength();
            TokenIds tokens = tokenizer.encodeIds(text, null, Integer.MAX_VALUE);
            int masks = mask.count(tokens.ids());
            if (masks == 0) return mask.missing(text);
            if (tokens.length() <= limit) return null;
            int lost = masks - mask.count(tokenizer.encodeIds(text, null, limit).ids());
            return lost == 0
                    ? null
                    : "the text has " + tokens.length() + " tokens, the model reads " + limit + " of them, and " + lost
                            + " of " + masks + " masks would be cut off. Shorten the text around " + mask.text() + ".";
        });
    }

    private static String shortened(String text) {
        return text.length() <= 60
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, 56))) + " …";
    }

    private String column(Dataset data) {
        return columns.computeIfAbsent(
                data.columns(), names -> FillMaskSettings.column(data, model.column("text_column", names)));
    }

    @Override
    public List<MaskAnswer> answer(List<String> inputs) {
        return served.outputs(inputs, text -> encoder.example(text, null), batchTokens, this::answers);
    }

    private List<MaskAnswer> answers(Batch batch) {
        int[] rows = IntStream.range(0, batch.tokens())
                .filter(i -> batch.ids()[i] == mask.id())
                .toArray();
        Likeliest likeliest = likeliest(batch, rows);
        List<MaskAnswer> answers = new ArrayList<>(batch.size());
        int start = 0;
        int next = 0;
        for (int length : batch.lengths()) {
            int[] ids = Arrays.copyOfRange(batch.ids(), start, start + length);
            int masks = mask.count(ids);
            List<List<Filling>> filled = new ArrayList<>(masks);
            for (int m = 0; m < masks; m++, next++) {
                filled.add(fill(ids, rows[next] - start, masks == 1, likeliest, next));
            }
            answers.add(new MaskAnswer(filled));
            start += length;
        }
        return answers;
    }

    /**
     * The likeliest tokens of some masks.
     *
     * @param count tokens of each mask
     * @param tokens (masks, count) their ids, the likeliest first
     * @param scores (masks, count)
     */
    private record Likeliest(int count, int[] tokens, float[] scores) {}

    private Likeliest likeliest(Batch batch, int[] rows) {
        if (rows.length == 0) return new Likeliest(0, new int[0], new float[0]);
        Tokens tokens = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths());
        Tensor logits = ((LanguageModel) served.model()).forward(tokens, Tensor.ofInts(rows)); // (M, V)
        Tensor scores = Activations.softmax(logits, 1);
        int[] choice = targets.ids();
        if (choice.length > 0) {
            scores = scores.transpose(0, 1).rows(Tensor.ofInts(choice)).transpose(0, 1); // (M, targets)
        }
        int count = (int) Math.min(topK, scores.size(1));
        TopK best = TopK.of(scores, count);
        int[] ids = Arrays.stream(best.places().toLongs())
                .mapToInt(place -> choice.length > 0 ? choice[(int) place] : (int) place)
                .toArray();
        return new Likeliest(count, ids, best.values().toFloats());
    }

    /** @param only whether the text has no other mask: special tokens would take the others out of the sequence as well */
    private List<Filling> fill(int[] ids, int place, boolean only, Likeliest likeliest, int row) {
        List<Filling> best = new ArrayList<>();
        int pad = tokenizer.padTokenId().orElse(-1);
        for (int i = row * likeliest.count(); i < (row + 1) * likeliest.count(); i++) {
            int token = likeliest.tokens()[i];
            int[] filled = ids.clone();
            filled[place] = token;
            int[] shown = Arrays.stream(filled).filter(id -> id != pad).toArray();
            String word = tokenizer.decode(new int[] {token}, false);
            best.add(new Filling(likeliest.scores()[i], token, word, tokenizer.decode(shown, only)));
        }
        return best;
    }

    @Override
    public Object json(MaskAnswer answer) {
        return answer.json();
    }

    @Override
    public Map<String, ?> cells(MaskAnswer answer) {
        return Map.of("fillings", answer.json());
    }

    @Override
    public @Nullable Scorer<MaskAnswer> scorer(Dataset data) {
        return null;
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(targets.notes());
        notes.addAll(encoder.notes());
        return notes;
    }

    @Override
    public void close() {
        served.close();
    }
}
