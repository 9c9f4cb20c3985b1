package dev.attune.generate;

import dev.attune.error.ConfigException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds a number to the score of the token that would complete a sequence: {@code sequence_bias}, and {@code bad_words_ids}. */
final class SequenceBias implements ScoreProcessor {
    private final int[][] sequences;
    private final float[] biases;

    /** @param biases by the sequence, which is not empty */
    SequenceBias(Map<List<Integer>, Float> biases) {
        this.sequences = biases.keySet().stream()
                .map(ids -> ids.stream().mapToInt(id -> id).toArray())
                .toArray(int[][]::new);
        this.biases = new float[sequences.length];
        int i = 0;
        for (float bias : biases.values()) this.biases[i++] = bias;
    }

    /** Sequences that must not come out. A single token that ends a text is left alone: a text has to end. */
    static SequenceBias banning(List<List<Integer>> words, List<Integer> eos) {
        Map<List<Integer>, Float> biases = new LinkedHashMap<>();
        for (List<Integer> word : words) {
            if (word.size() > 1 || !eos.contains(word.get(0))) biases.put(word, BANNED);
        }
        return new SequenceBias(biases);
    }

    /** @throws ConfigException if a sequence has a token that the vocabulary has not */
    SequenceBias within(int vocabulary, String key) {
        for (int[] sequence : sequences) {
            for (int id : sequence) {
                if (id < vocabulary) continue;
                throw new ConfigException(
                        key + " names token " + id + ", but the model has tokens 0 to " + (vocabulary - 1) + " only.");
            }
        }
        return this;
    }

    @Override
    public void process(History history, float[] scores) {
        // The reference adds all biases of a token up before it adds them to its score; floats round by the order.
        Map<Integer, Float> sums = new LinkedHashMap<>();
        for (int i = 0; i < sequences.length; i++) {
            int[] sequence = sequences[i];
            if (ends(history, sequence)) sums.merge(sequence[sequence.length - 1], biases[i], Float::sum);
        }
        sums.forEach((token, bias) -> scores[token] += bias);
    }

    /** Whether the text ends with all but the last token of the sequence. */
    private static boolean ends(History history, int[] sequence) {
        int prefix = sequence.length - 1;
        return prefix <= history.length() && Arrays.equals(history.tail(prefix), 0, prefix, sequence, 0, prefix);
    }
}
