package dev.attune.task.tokenclassification;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.error.DataException;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import dev.attune.task.ForwardPass;
import dev.attune.task.Pipeline;
import dev.attune.task.Scores;
import dev.attune.task.ServedModel;
import dev.attune.task.TextRows;
import dev.attune.task.tokenclassification.EntityGroups.Piece;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuned token classifier ready to answer.
 *
 * <pre>{@code
 * TokenAnswers entities = TokenAnswers.builder().aggregationStrategy(Aggregation.SIMPLE).build();
 * try (var names = TokenClassificationPipeline.load(FineTuned.open("runs/names"), entities)) {
 *     System.out.println(names.predict("Wolfgang lives in Berlin"));
 * }
 * }</pre>
 *
 * <p>Several threads may ask at the same time; closing waits for them.
 */
public final class TokenClassificationPipeline implements Pipeline<TokenInput, TokenAnswer> {
    /**
     * A part of an input that fits the model.
     *
     * @param starts where each word starts in the text; null for a text that the tokenizer split
     */
    private record Window(int input, Encoding tokens, int @Nullable [] starts) {}

    private final FineTuned model;
    private final ServedModel served;
    private final Tokenizer tokenizer;
    private final TokenAnswers asked;
    private final List<String> labels;
    private final EntityGroups groups;
    private final LongAdder cut = new LongAdder();
    private final Map<List<String>, TokenColumns> columns = new ConcurrentHashMap<>();

    private TokenClassificationPipeline(FineTuned model, ServedModel served, TokenAnswers asked) {
        this.model = model;
        this.served = served;
        this.tokenizer = served.tokenizer();
        this.asked = asked;
        this.labels = served.model().config().labels();
        this.groups = new EntityGroups(tokenizer, labels, asked);
    }

    /** Loads a model folder with a token classification head, or anything else that {@link dev.attune.hub.Hub#resolve} takes. */
    public static TokenClassificationPipeline load(String model) {
        return load(FineTuned.open(model), TokenAnswers.DEFAULT);
    }

    /** As {@link #load(String)}, with other answers than each token. */
    public static TokenClassificationPipeline load(FineTuned model, TokenAnswers answers) {
        TokenClassification.requireHead(model.folder().config());
        ServedModel served = ServedModel.open(model, Head.TOKEN_CLASSIFICATION, ModelConfig::withDefaultLabels);
        try {
            return new TokenClassificationPipeline(model, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /** The entities of a text. */
    public List<Entity> predict(String text) {
        return answer(List.of(input(text))).get(0).entities();
    }

    /** The entities of a text that is split into words; places are those in the words joined with spaces. */
    public List<Entity> predict(List<String> words) {
        return answer(List.of(input(words))).get(0).entities();
    }

    @Override
    public TokenInput input(String text) {
        if (text.isBlank()) throw new DataException("the text is empty. Give it a text, or remove it.");
        if (asked.isSplitIntoWords()) return input(Arrays.asList(text.split(" ", -1)));
        return new TokenInput(text, null);
    }

    private static TokenInput input(List<String> words) {
        return new TokenInput(String.join(" ", words), List.copyOf(words));
    }

    @Override
    public TokenInput input(Dataset data, int row) {
        TokenColumns found = columns(data);
        if (found.spans()) return input(TextRows.text(data, row, found.input()));
        return input(TaggedRows.words(data, row, found.input()));
    }

    private TokenColumns columns(Dataset data) {
        return columns.computeIfAbsent(data.columns(), names -> {
            String tokens = model.column("tokens_column", names);
            TokenClassificationSettings wanted = TokenClassificationSettings.builder()
                    .tokensColumn(tokens)
                    .tagsColumn(model.column("tags_column", names))
                    .textColumn(tokens == null ? model.column("text_column", names) : null)
                    .spansColumn(tokens == null ? model.column("spans_column", names) : null)
                    .build();
            return TokenColumns.find(data, wanted, false);
        });
    }

    @Override
    public List<TokenAnswer> answer(List<TokenInput> inputs) {
        List<Window> windows = served.use(() -> IntStream.range(0, inputs.size())
                .parallel()
                .mapToObj(i -> windows(i, inputs.get(i)))
                .flatMap(List::stream)
                .toList());
        List<float[]> scores = served.outputs(windows, this::example, ForwardPass.BATCH_TOKENS, this::logits);
        List<TokenAnswer> answers = new ArrayList<>(inputs.size());
        int next = 0;
        for (int i = 0; i < inputs.size(); i++) {
            int first = next;
            while (next < windows.size() && windows.get(next).input() == i) next++;
            answers.add(answer(inputs.get(i), windows.subList(first, next), scores.subList(first, next)));
        }
        return answers;
    }

    private List<Window> windows(int number, TokenInput input) {
        List<String> words = input.words();
        int limit = served.maxLength();
        Integer stride = asked.stride();
        List<Window> windows = new ArrayList<>();
        if (words == null) {
            List<Encoding> parts = stride == null
                    ? List.of(tokenizer.encode(input.text(), null, limit))
                    : tokenizer.encodeWindows(input.text(), limit, stride);
            for (Encoding part : parts) windows.add(new Window(number, part, null));
        } else {
            int[] starts = new int[words.size()];
            for (int w = 1; w < starts.length; w++)
                starts[w] = starts[w - 1] + words.get(w - 1).length() + 1;
            List<Encoding> parts = stride == null
                    ? List.of(tokenizer.encodeWords(words, limit))
                    : tokenizer.encodeWordWindows(words, limit, stride);
            for (Encoding part : parts) windows.add(new Window(number, part, starts));
        }
        if (stride == null && windows.get(0).tokens().truncated()) cut.increment();
        return windows;
    }

    private Example example(Window window) {
        Encoding tokens = window.tokens();
        return new Example(tokens.ids(), tokens.typeIds(), new int[0], new float[0]);
    }

    private List<float[]> logits(Batch batch) {
        float[] logits = TokenClassificationTask.forward(served.model(), batch).toFloats(); // (N, K)
        List<float[]> each = new ArrayList<>(batch.size());
        int from = 0;
        for (int length : batch.lengths()) {
            each.add(Arrays.copyOfRange(logits, from, from += length * labels.size()));
        }
        return each;
    }

    private TokenAnswer answer(TokenInput input, List<Window> windows, List<float[]> logits) {
        List<Entity> entities = new ArrayList<>();
        String[] tags = new String[input.words() == null ? 0 : input.words().size()];
        int[] starts = new int[tags.length]; // in its word, of the token whose tag it has
        Arrays.fill(starts, Integer.MAX_VALUE);
        for (int w = 0; w < windows.size(); w++) {
            Window window = windows.get(w);
            entities.addAll(groups.of(input.text(), pieces(input.text(), window, logits.get(w))));
            if (window.starts() == null) continue;
            int[] words = window.tokens().wordIds();
            for (int i = 0; i < words.length; i++) {
                int start = window.tokens().start(i);
                if (words[i] < 0 || start >= starts[words[i]]) continue;
                starts[words[i]] = start;
                tags[words[i]] = labels.get(Scores.best(logits.get(w), i * labels.size(), labels.size()));
            }
        }
        return new TokenAnswer(windows.size() > 1 ? EntityGroups.merged(entities) : entities, Arrays.asList(tags));
    }

    private List<Piece> pieces(String text, Window window, float[] logits) {
        Encoding tokens = window.tokens();
        List<Piece> pieces = new ArrayList<>();
        int unknown = tokenizer.unkTokenId().orElse(-1);
        for (int i = 0; i < tokens.length(); i++) {
            if (tokens.specialTokensMask()[i] == 1) continue;
            int shift = window.starts() == null ? 0 : window.starts()[tokens.wordIds()[i]];
            int start = shift + tokens.start(i);
            int end = shift + tokens.end(i);
            String slice = text.substring(start, end);
            String token = tokenizer.token(tokens.ids()[i]);
            boolean continues = tokenizer.subwordPrefix().isEmpty()
                    ? start > 0 && text.charAt(start - 1) != ' ' && text.charAt(start) != ' '
                    : token.codePointCount(0, token.length()) != slice.codePointCount(0, slice.length());
            if (tokens.ids()[i] == unknown) {
                token = slice;
                continues = false;
            }
            double[] scores = Scores.softmax(logits, i * labels.size(), labels.size());
            pieces.add(new Piece(token, scores, start, end, i, continues));
        }
        return pieces;
    }

    @Override
    public Object json(TokenAnswer answer) {
        return answer.json();
    }

    @Override
    public Map<String, ?> cells(TokenAnswer answer) {
        return Map.of("entities", answer.json());
    }

    @Override
    public @Nullable Scorer<TokenAnswer> scorer(Dataset data) {
        TokenColumns found = columns(data);
        if (found.spans() || found.tags() == null) return null;
        TagScheme scheme = TagScheme.of(List.of(labels)); // of a model without a record of its training
        for (TagScheme each : TagScheme.values())
            if (each.toString().equals(String.valueOf(model.settings().get("tag_scheme")))) scheme = each;
        return new TagScorer(new TaggedRows(data, found, labels, scheme, true));
    }

    @Override
    public List<String> notes() {
        if (cut.sum() == 0) return List.of();
        return List.of(cut.sum() + " texts are longer than " + served.maxLength()
                + " tokens and were cut. Set stride to read them in windows.");
    }

    @Override
    public void close() {
        served.close();
    }
}
