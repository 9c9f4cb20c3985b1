package dev.attune.nn;

import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Rotary position embeddings (Su et al. 2021, arXiv 2104.09864), each number of a head's first half turned together with the one
 * at the same place of the second half.
 */
public final class Rotary {
    private final float[] frequencies;

    /**
     * @param size D, even
     * @param base of the wavelengths: 10000 in the paper
     * @param scaled another frequency in place of one, for longer texts than a model began with
     */
    public Rotary(int size, double base, DoubleUnaryOperator scaled) {
        frequencies = new float[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            // In 32 bits, as the reference: far from the beginning of a text it matters.
            frequencies[i] = (float) scaled.applyAsDouble((float) (1 / Math.pow(base, 2.0 * i / size)));
        }
    }

    /**
     * By how much each row is turned.
     *
     * @param cosines (R, 1, D/2), as sines
     */
    public record Turns(Tensor cosines, Tensor sines) {
        /** (R, heads·D) turned. */
        public Tensor apply(Tensor x, int heads) {
            long half = cosines.size(2);
            Tensor apart = x.view(x.size(0), heads, 2 * half); // (R, H, D)
            Tensor a = apart.narrow(2, 0, half);
            Tensor b = apart.narrow(2, half, half);
            Tensor cos = cosines.to(x.type());
            Tensor sin = sines.to(x.type());
            return Tensor.cat(2, List.of(a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))))
                    .view(x.size(0), x.size(1));
        }
    }

    /** The turns of a batch's rows; in the scope that is open. */
    public Turns turns(SequenceLayout layout) {
        int[] places = layout.lastPlaces();
        if (places != null) return turns(places); // a row each
        int[] all = new int[layout.longest()];
        for (int position = 0; position < all.length; position++) all[position] = position;
        Tensor positions = layout.positions();
        Turns each = turns(all);
        return new Turns(each.cosines.rows(positions), each.sines.rows(positions));
    }

    private Turns turns(int[] positions) {
        int half = frequencies.length;
        float[] cosines = new float[positions.length * half];
        float[] sines = new float[positions.length * half];
        int at = 0;
        for (int position : positions) {
            for (int i = 0; i < half; i++, at++) {
                // The product of two floats, rounded to one, as in the reference.
                double angle = position * frequencies[i];
                cosines[at] = (float) Math.cos(angle);
                sines[at] = (float) Math.sin(angle);
            }
        }
        return new Turns(
                Tensor.ofFloats(cosines, positions.length, 1, half), Tensor.ofFloats(sines, positions.length, 1, half));
    }
}
