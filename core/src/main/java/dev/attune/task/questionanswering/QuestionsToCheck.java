package dev.attune.task.questionanswering;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.Learned;
import dev.attune.task.TextRows;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Questions for a doctor: question and context, and the answers. */
record QuestionsToCheck(QuestionRows questions) implements CheckedRows {
    @Override
    public Dataset rows() {
        return questions.data();
    }

    @Override
    public List<String> columns() {
        return List.of(questions.columns().question(), questions.columns().context());
    }

    @Override
    public @Nullable String text(int row, int column) {
        return TextRows.textOrNull(rows(), row, columns().get(column));
    }

    @Override
    public String lesson() {
        return "answer";
    }

    @Override
    public Learned learned(int row) {
        List<GoldAnswer> answers = questions.answers(row, questions.context(row));
        String all = String.join("\0", answers.stream().map(GoldAnswer::text).toList());
        return new Learned(all, new int[] {answers.isEmpty() ? 1 : 0});
    }

    @Override
    public List<String> labels() {
        return List.of("with an answer", "without an answer");
    }

    @Override
    public List<Findings> more(long[] counts) {
        Findings.Builder found =
                Findings.of("answers").fact("with_answer", counts[0]).fact("without_answer", counts[1]);
        found.info("%,d questions have an answer, %,d have none", counts[0], counts[1]);
        if (counts[0] == 0)
            found.warning("no question has an answer, which leaves nothing to learn or to measure but that");
        return List.of(found.build());
    }

    @Override
    public Encoding encode(int row, Tokenizer tokenizer) {
        QuestionInput input = questions.input(row);
        return tokenizer.encode(input.question(), input.context(), Integer.MAX_VALUE);
    }

    @Override
    public String source(int row, Encoding encoding, int token) {
        QuestionInput input = questions.input(row);
        String text = encoding.sequenceIds()[token] == 1 ? input.context() : input.question();
        return text.substring(encoding.start(token), encoding.end(token));
    }

    @Override
    public boolean cutsLongTexts() {
        return false;
    }

    @Override
    public void describe(Examples examples, Findings.Builder into) {
        long answered = IntStream.range(0, examples.size())
                .filter(i -> hasAnswer(examples.get(i, 0)))
                .count();
        into.fact("windows_with_answer", answered)
                .info("%,d windows, %,d of them with an answer", examples.size(), answered);
    }

    /** The first token stands for "no answer". */
    private static boolean hasAnswer(Example example) {
        return example.labels()[1] > 0;
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        int start = example.labels()[0];
        int end = example.labels()[1];
        if (!hasAnswer(example)) return "no answer here: token " + start;
        int[] answer = Arrays.copyOfRange(example.ids(), start, end + 1);
        return "tokens " + start + " to " + end + ": " + tokenizer.decode(answer, false);
    }
}
