package dev.attune.toy;

import dev.attune.config.Argument;
import dev.attune.data.Batch;
import dev.attune.data.Columns;
import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.Example;
import dev.attune.data.RowEncoder;
import dev.attune.io.Sha256;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.model.SequenceClassifier;
import dev.attune.model.Tokens;
import dev.attune.task.Artifact;
import dev.attune.task.CheckedRows;
import dev.attune.task.Description;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Findings;
import dev.attune.task.FineTuned;
import dev.attune.task.Learned;
import dev.attune.task.Part;
import dev.attune.task.Pipeline;
import dev.attune.task.RowLoss;
import dev.attune.task.ServedModel;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskType;
import dev.attune.task.TextEncoder;
import dev.attune.task.TextRows;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that Attune does not have: is the number of words odd? It has no label column, weighs odd texts double, and
 * answers in its own way. It lives in the tests only; no file above {@code task} knows that it is there.
 */
public final class WordParity implements TaskType<WordParity.Settings> {
    /** The only key of its own. */
    public record Settings(
            @Argument(group = "Data of word-parity", example = "phrase", doc = "Column that holds the words.") @Nullable
            String wordsColumn) {}

    /** How to answer. */
    public record Answers(
            @Argument(group = "Prediction of word-parity", initial = "odd", doc = "The word for an odd number.")
            String oddWord) {}

    @Override
    public String key() {
        return "word-parity";
    }

    @Override
    public List<String> aliases() {
        return List.of("odd-or-even");
    }

    @Override
    public String summary() {
        return "Is the number of words odd?";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Class<Answers> predictionSettings() {
        return Answers.class;
    }

    @Override
    public TaskData prepare(Settings settings, TaskInput input) {
        String column = settings.wordsColumn() != null
                ? Columns.require(input.rows(), settings.wordsColumn())
                : new Columns(input.rows()).onlyText("the words", "words_column");
        return new Data(column);
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        ServedModel served = ServedModel.open(model, Head.SEQUENCE_CLASSIFICATION, c -> c);
        return new Oracle(model, served, (Answers) predictionSettings);
    }

    private static int isOdd(String text) {
        return text.strip().split("\\s+").length % 2;
    }

    private record Data(String column) implements TaskData {
        @Override
        public Record settings() {
            return new Settings(column);
        }

        @Override
        public Map<String, ?> record() {
            return Map.of("columns", Map.of("words", column));
        }

        @Override
        public String columns() {
            return "words from " + column;
        }

        @Override
        public List<String> notes() {
            return List.of("Words are what stands between spaces.");
        }

        @Override
        public Head head() {
            return Head.SEQUENCE_CLASSIFICATION;
        }

        @Override
        public ModelConfig configure(ModelConfig pretrained) {
            return pretrained.withLabels(List.of("even", "odd"));
        }

        @Override
        public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
            Columns.require(rows, column);
            String key = Sha256.of(List.of(
                    "word-parity", rows.sha256(), tokenizer.fingerprint(), Integer.toString(maxLength), column));
            return cache.encoded(
                            key,
                            sink -> new RowEncoder()
                                    .encode(
                                            rows.size(),
                                            row -> {
                                                String text = TextRows.text(rows, row, column);
                                                TokenIds ids = tokenizer.encodeIds(text, null, maxLength);
                                                return new Example(
                                                        ids.ids(),
                                                        ids.typeIds(),
                                                        new int[] {isOdd(text)},
                                                        new float[0]);
                                            },
                                            sink))
                    .from(rows);
        }

        @Override
        public Task bind(PretrainedModel model, Tokenizer tokenizer) {
            return new Parity(model);
        }

        @Override
        public Description describe() {
            return new Description(
                    "word-parity", "A model of parity", "It counts.", List.of("even", "odd"), "x", "x", List.of("x"));
        }

        @Override
        public CheckedRows checked(Dataset rows) {
            return new Phrases(rows, column);
        }
    }

    private record Phrases(Dataset rows, String column) implements CheckedRows {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public @Nullable String text(int row, int one) {
            return TextRows.textOrNull(rows, row, column);
        }

        @Override
        public Learned learned(int row) {
            int odd = isOdd(TextRows.text(rows, row, column));
            return new Learned(labels().get(odd), new int[] {odd});
        }

        @Override
        public List<String> labels() {
            return List.of("even", "odd");
        }

        @Override
        public List<Findings> more(long[] counts) {
            return List.of(Findings.of("parity")
                    .fact("odd", counts[1])
                    .info("%d phrases, %d of them odd", rows.size(), counts[1])
                    .build());
        }

        @Override
        public String lesson(Example example, Tokenizer tokenizer) {
            return labels().get(example.labels()[0]);
        }
    }

    private record Parity(PretrainedModel model) implements Task {
        Tensor forward(Batch batch) {
            return ((SequenceClassifier) model)
                    .forward(Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys()));
        }

        List<Boolean> odd(Batch batch) {
            return Arrays.stream(forward(batch).argmax().toLongs())
                    .mapToObj(best -> best == 1)
                    .toList();
        }

        @Override
        public int batchTokens() {
            return 256;
        }

        /** Even texts count once, odd ones twice. */
        @Override
        public double weight(Batch batch) {
            return Arrays.stream(batch.labels()).map(odd -> 1 + odd).sum();
        }

        @Override
        public Tensor lossSum(Batch batch) {
            Tensor logits = forward(batch);
            Tensor all = Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0);
            // -100 is ignored: the second sum is that of the odd texts.
            int[] odd = Arrays.stream(batch.labels())
                    .map(label -> label == 1 ? 1 : -100)
                    .toArray();
            return all.add(Losses.crossEntropySum(logits, Tensor.ofInts(odd), 0));
        }

        @Override
        public Evaluation evaluation(EvaluationSet set) {
            return new Score(this);
        }
    }

    private static final class Score implements Evaluation {
        private final Parity task;
        private int right;
        private int seen;

        Score(Parity task) {
            this.task = task;
        }

        @Override
        public RowLoss add(Batch batch) {
            long[] best = task.forward(batch).argmax().toLongs();
            double[] sums = new double[best.length];
            double[] weights = new double[best.length];
            for (int i = 0; i < best.length; i++) {
                boolean hit = best[i] == batch.labels()[i];
                right += hit ? 1 : 0;
                sums[i] = hit ? 0 : 1;
                weights[i] = 1;
            }
            seen += best.length;
            return new RowLoss(sums, weights);
        }

        @Override
        public Map<String, Double> results() {
            return Map.of("parity", (double) right / seen);
        }

        @Override
        public List<Artifact> artifacts() {
            return List.of(new Artifact.Table(
                    "parities", "Right and seen", List.of("right", "seen"), List.of(List.of(right, seen)), false));
        }
    }

    private static final class Oracle implements Pipeline<String, Boolean> {
        private final FineTuned model;
        private final ServedModel served;
        private final Answers answers;

        Oracle(FineTuned model, ServedModel served, Answers answers) {
            this.model = model;
            this.served = served;
            this.answers = answers;
        }

        @Override
        public String input(String text) {
            return text;
        }

        @Override
        public String input(Dataset data, int row) {
            return TextRows.text(data, row, String.valueOf(model.settings().get("words_column")));
        }

        @Override
        public List<Boolean> answer(List<String> inputs) {
            Parity task = new Parity(served.model());
            TextEncoder texts = new TextEncoder(served.tokenizer(), served.maxLength());
            return served.outputs(inputs, text -> texts.example(text, null), task.batchTokens(), task::odd);
        }

        @Override
        public Object json(Boolean answer) {
            return Map.of("parity", answer ? answers.oddWord() : "even");
        }

        @Override
        public Map<String, ?> cells(Boolean answer) {
            return Map.of("odd", answer);
        }

        @Override
        public Scorer<Boolean> scorer(Dataset data) {
            return new Scorer<>() {
                private int right;

                @Override
                public void add(Boolean answer, int row) {
                    right += answer == (isOdd(input(data, row)) == 1) ? 1 : 0;
                }

                @Override
                public Map<String, Double> results() {
                    return Map.of("parity", (double) right / data.size());
                }
            };
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
}
