package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuned model ready to answer. Several threads may ask at the same time; {@link #close} waits for answers that are
 * under way, and asking afterwards is an {@link IllegalStateException}.
 *
 * @param <I> what is asked
 * @param <O> the answer
 */
public interface Pipeline<I, O> extends AutoCloseable {
    /** What one line of text asks: an argument of the command, or a line of standard input. */
    I input(String text);

    /**
     * What a row asks.
     *
     * @throws dev.attune.error.DataException with the row, if it cannot be asked
     */
    I input(Dataset data, int row);

    /** The answers, in order. */
    List<O> answer(List<I> inputs);

    /**
     * The answer to one input, told while it comes out.
     *
     * @param pieces hears the text piece by piece
     * @throws dev.attune.error.ConfigException if answers of this task are not texts that come out one token after the other
     */
    default O answer(I input, Consumer<String> pieces) {
        throw new ConfigException("The answers of this task do not come piece by piece. Leave out --stream.");
    }

    /**
     * How many inputs one who has more should ask at a time: enough to be fast, and so few that their answers fit in memory
     * together. Fewer where answers are large.
     */
    default int inputsAtOnce() {
        return 4096;
    }

    /** An answer in the form of the Hugging Face pipeline: a map, or a list of maps or of numbers. */
    Object json(O answer);

    /** An answer as the cells of one row of a table, by column; values are texts, numbers, booleans, lists and maps. */
    Map<String, ?> cells(O answer);

    /** Compares answers with the labels of {@code data}; null if it is not known which column holds them, or there is none. */
    @Nullable
    Scorer<O> scorer(Dataset data);

    /** Sentences about what was asked since the pipeline was loaded: texts that were cut, characters that were replaced. */
    List<String> notes();

    /** Waits for answers that are under way and frees the model. */
    @Override
    void close();

    /** Metrics of answers to rows that have labels. */
    interface Scorer<O> {
        void add(O answer, int row);

        /** Values by their Hugging Face names without prefix; empty if no answer could be compared. */
        Map<String, Double> results();

        /** Sentences about the comparison: rows that have no label, labels that the model does not have. */
        default List<String> notes() {
            return List.of();
        }
    }
}
