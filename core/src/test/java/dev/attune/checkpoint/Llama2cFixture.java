package dev.attune.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A checkpoint of llama2.c with random numbers, and the scores that llama2.c computes with it. */
public final class Llama2cFixture {
    private final int dim;
    private final int inner;
    private final int layers;
    private final int heads;
    private final int keyHeads;
    private final int words;
    private final int length;
    private final int size;
    private final Random random;
    private final List<float[]> tables = new ArrayList<>();

    private final float[] embeddings;
    private final float[] attentionNorms;
    private final float[] queries;
    private final float[] keys;
    private final float[] values;
    private final float[] outputs;
    private final float[] innerNorms;
    private final float[] gates;
    private final float[] downs;
    private final float[] ups;
    private final float[] lastNorm;
    private final float[] classifier;

    /** @param words negative if the classifier has a table of its own, as in the file */
    public Llama2cFixture(int dim, int inner, int layers, int heads, int keyHeads, int words, int length, long seed) {
        this.dim = dim;
        this.inner = inner;
        this.layers = layers;
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.words = words;
        this.length = length;
        size = dim / heads;
        random = new Random(seed);
        int rows = Math.abs(words);
        embeddings = table(rows, dim);
        attentionNorms = table(layers, dim);
        queries = table(layers * dim, dim);
        keys = table(layers * keyHeads * size, dim);
        values = table(layers * keyHeads * size, dim);
        outputs = table(layers * dim, dim);
        innerNorms = table(layers, dim);
        gates = table(layers * inner, dim);
        downs = table(layers * dim, inner);
        ups = table(layers * inner, dim);
        lastNorm = table(1, dim);
        table(length, size); // what the file has of turns, and nobody reads
        classifier = words > 0 ? embeddings : table(rows, dim);
    }

    private float[] table(int rows, int columns) {
        float[] table = new float[rows * columns];
        for (int i = 0; i < table.length; i++) table[i] = (float) random.nextGaussian() / 2;
        tables.add(table);
        return table;
    }

    public byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(
                        28 + 4 * tables.stream().mapToInt(table -> table.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int number : new int[] {dim, inner, layers, heads, keyHeads, words, length}) bytes.putInt(number);
        for (float[] table : tables) for (float number : table) bytes.putFloat(number);
        return bytes.array();
    }

    public Path write(Path file) {
        return Bytes.write(file, bytes());
    }

    /** What run.c computes at each token: neighbours of a head are turned, and keys and values are kept. */
    public float[][] logits(int[] ids) {
        double[][][] keyCache = new double[layers][ids.length][];
        double[][][] valueCache = new double[layers][ids.length][];
        float[][] logits = new float[ids.length][];
        for (int at = 0; at < ids.length; at++) {
            double[] x = new double[dim];
            for (int i = 0; i < dim; i++) x[i] = embeddings[ids[at] * dim + i];
            for (int layer = 0; layer < layers; layer++) {
                double[] normed = normed(x, attentionNorms, layer);
                double[] query = turned(times(queries, layer, dim, normed), at);
                keyCache[layer][at] = turned(times(keys, layer, keyHeads * size, normed), at);
                valueCache[layer][at] = times(values, layer, keyHeads * size, normed);
                add(x, times(outputs, layer, dim, attention(query, keyCache[layer], valueCache[layer], at)));
                double[] inside = normed(x, innerNorms, layer);
                double[] gate = times(gates, layer, inner, inside);
                double[] up = times(ups, layer, inner, inside);
                for (int i = 0; i < inner; i++) gate[i] *= up[i] / (1 + Math.exp(-gate[i]));
                add(x, times(downs, layer, dim, gate));
            }
            double[] scores = times(classifier, 0, Math.abs(words), normed(x, lastNorm, 0));
            logits[at] = new float[scores.length];
            for (int word = 0; word < scores.length; word++) logits[at][word] = (float) scores[word];
        }
        return logits;
    }

    private double[] attention(double[] query, double[][] keyCache, double[][] valueCache, int at) {
        double[] seen = new double[dim];
        for (int head = 0; head < heads; head++) {
            int shared = head / (heads / keyHeads) * size;
            double[] weights = new double[at + 1];
            double sum = 0;
            for (int t = 0; t <= at; t++) {
                double score = 0;
                for (int i = 0; i < size; i++) score += query[head * size + i] * keyCache[t][shared + i];
                sum += weights[t] = Math.exp(score / Math.sqrt(size));
            }
            for (int t = 0; t <= at; t++) {
                for (int i = 0; i < size; i++) {
                    seen[head * size + i] += (weights[t] / sum * valueCache[t][shared + i]);
                }
            }
        }
        return seen;
    }

    private double[] turned(double[] x, int at) {
        for (int i = 0; i < x.length; i += 2) {
            double angle = at * Math.pow(10_000, -(i % size) / (double) size);
            double first = x[i];
            double second = x[i + 1];
            x[i] = (first * Math.cos(angle) - second * Math.sin(angle));
            x[i + 1] = (first * Math.sin(angle) + second * Math.cos(angle));
        }
        return x;
    }

    private static void add(double[] x, double[] more) {
        for (int i = 0; i < x.length; i++) x[i] += more[i];
    }

    private static double[] normed(double[] x, float[] scales, int layer) {
        double squares = 0;
        for (double number : x) squares += number * number;
        double scale = 1 / Math.sqrt(squares / x.length + 1e-5);
        double[] normed = new double[x.length];
        for (int i = 0; i < x.length; i++) normed[i] = (scales[layer * x.length + i] * (scale * x[i]));
        return normed;
    }

    private static double[] times(float[] table, int layer, int rows, double[] x) {
        double[] product = new double[rows];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) sum += table[(layer * rows + row) * x.length + i] * x[i];
            product[row] = sum;
        }
        return product;
    }
}
