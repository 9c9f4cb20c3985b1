package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.task.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Feeds texts or rows through a pipeline in chunks: large enough to be fast, and never more than a chunk in memory. */
public final class Predictor {
    private Predictor() {}

    /** Takes one answer after the other, in the order of what was asked. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param row number of the row or text that was asked, from 0
         * @param json the answer in the form of the Hugging Face pipeline: a map, or a list of maps or of numbers
         * @param cells the answer as the cells of one row of a table, by column
         */
        void answer(int row, Object json, Map<String, ?> cells) throws IOException;
    }

    /** As {@link #rows(Pipeline, Dataset, Sink, Consumer)}, for those who do not read notes. */
    public static @Nullable Map<String, Double> rows(Pipeline<?, ?> pipeline, Dataset rows, Sink sink)
            throws IOException {
        return rows(pipeline, rows, sink, note -> {});
    }

    /**
     * Answers every row.
     *
     * @param notes takes sentences about the metrics: which rows are not in them, why there are none
     * @return metrics by their Hugging Face names over the rows that have labels; null if none has one, or one has a label
     *     that the model does not have
     */
    public static @Nullable Map<String, Double> rows(
            Pipeline<?, ?> pipeline, Dataset rows, Sink sink, Consumer<String> notes) throws IOException {
        return rowsOf(pipeline, rows, sink, notes);
    }

    private static <I, O> @Nullable Map<String, Double> rowsOf(
            Pipeline<I, O> pipeline, Dataset rows, Sink sink, Consumer<String> notes) throws IOException {
        Pipeline.Scorer<O> scorer = pipeline.scorer(rows);
        int chunk = pipeline.inputsAtOnce();
        for (int start = 0; start < rows.size(); start += chunk) {
            int end = Math.min(rows.size(), start + chunk);
            List<I> inputs = new ArrayList<>(end - start);
            for (int row = start; row < end; row++) inputs.add(pipeline.input(rows, row));
            List<O> answers = pipeline.answer(inputs);
            for (int i = 0; i < answers.size(); i++) {
                if (scorer != null) scorer.add(answers.get(i), start + i);
                sink.answer(start + i, pipeline.json(answers.get(i)), pipeline.cells(answers.get(i)));
            }
        }
        if (scorer == null) return null;
        scorer.notes().forEach(notes);
        Map<String, Double> metrics = scorer.results();
        return metrics.isEmpty() ? null : metrics;
    }

    /** Answers texts that are all there. */
    public static void texts(Pipeline<?, ?> pipeline, List<String> texts, Sink sink) throws IOException {
        textsOf(pipeline, texts, sink);
    }

    private static <I, O> void textsOf(Pipeline<I, O> pipeline, List<String> texts, Sink sink) throws IOException {
        List<I> inputs = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) inputs.add(input(pipeline, texts.get(i), "Text " + (i + 1)));
        int chunk = pipeline.inputsAtOnce();
        for (int start = 0; start < inputs.size(); start += chunk) {
            flush(pipeline, inputs.subList(start, Math.min(inputs.size(), start + chunk)), start, sink);
        }
    }

    /**
     * Answers lines as they come: at once when no further line waits, so that somebody who types gets an answer to each,
     * and in chunks when a file is piped in.
     *
     * @throws DataException if the input is not UTF-8, or a line is empty
     */
    public static void lines(Pipeline<?, ?> pipeline, BufferedReader lines, Sink sink) throws IOException {
        linesOf(pipeline, lines, sink);
    }

    private static <I, O> void linesOf(Pipeline<I, O> pipeline, BufferedReader lines, Sink sink) throws IOException {
        List<I> inputs = new ArrayList<>();
        int number = 0;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                inputs.add(input(pipeline, line, "Line " + ++number + " of standard input"));
                if (inputs.size() < pipeline.inputsAtOnce() && lines.ready()) continue;
                flush(pipeline, inputs, number - inputs.size(), sink);
                inputs.clear();
            }
        } catch (CharacterCodingException e) {
            throw new DataException("Standard input is not a text in UTF-8 (near line " + (number + 1) + ").", e);
        }
        flush(pipeline, inputs, number - inputs.size(), sink);
    }

    private static <I, O> void flush(Pipeline<I, O> pipeline, List<I> inputs, int first, Sink sink) throws IOException {
        int row = first;
        for (O answer : pipeline.answer(inputs)) sink.answer(row++, pipeline.json(answer), pipeline.cells(answer));
    }

    private static <I> I input(Pipeline<I, ?> pipeline, String text, String where) {
        try {
            return pipeline.input(text);
        } catch (DataException e) {
            throw new DataException(where + ": " + e.getMessage(), e);
        }
    }
}
