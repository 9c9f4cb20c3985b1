package dev.attune.generate;

import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A model whose scores are two tables: those of the last token, and those of the token before it, or of one of the source
 * and the place. */
final class TableModel implements Continuation {
    private final float[][] first;
    private final float[][] second;
    private final int[][] prompts;
    private final boolean encoderDecoder;
    /** What each row has read. */
    private List<int[]> rows = new ArrayList<>();
    /** How many rows each call had. */
    final List<Integer> sizes = new ArrayList<>();

    private List<Integer> origins = new ArrayList<>();

    TableModel(float[][] first, float[][] second, int[][] prompts, int start) {
        this.first = first;
        this.second = second;
        this.prompts = prompts;
        this.encoderDecoder = start >= 0;
        for (int i = 0; i < prompts.length; i++) {
            rows.add(encoderDecoder ? new int[] {start} : prompts[i]);
            origins.add(i);
        }
    }

    static float[][] table(JsonNode rows) {
        float[][] table = new float[rows.size()][];
        for (int i = 0; i < table.length; i++) {
            table[i] = new float[rows.get(i).size()];
            for (int j = 0; j < table[i].length; j++)
                table[i][j] = (float) rows.get(i).get(j).doubleValue();
        }
        return table;
    }

    @Override
    public int vocabulary() {
        return first[0].length;
    }

    @Override
    public Tensor first() {
        if (!sizes.isEmpty()) throw new IllegalStateException("first comes first, and once");
        return scores();
    }

    @Override
    public Tensor next(int[] parents, int[] tokens) {
        List<int[]> longer = new ArrayList<>();
        List<Integer> from = new ArrayList<>();
        for (int i = 0; i < parents.length; i++) {
            int[] row = rows.get(parents[i]);
            int[] grown = Arrays.copyOf(row, row.length + 1);
            grown[row.length] = tokens[i];
            longer.add(grown);
            from.add(origins.get(parents[i]));
        }
        rows = longer;
        origins = from;
        return scores();
    }

    private Tensor scores() {
        sizes.add(rows.size());
        float[] scores = new float[rows.size() * vocabulary()];
        for (int r = 0; r < rows.size(); r++) {
            int[] row = rows.get(r);
            int[] source = prompts[origins.get(r)];
            int other = encoderDecoder
                    ? (source[(row.length - 1) % source.length] + 5 * row.length) % first.length
                    : row[Math.max(0, row.length - 2)];
            for (int v = 0; v < vocabulary(); v++)
                scores[r * vocabulary() + v] = first[row[row.length - 1]][v] + second[other][v];
        }
        return Tensor.ofFloats(scores, rows.size(), vocabulary());
    }

    @Override
    public void close() {}
}
