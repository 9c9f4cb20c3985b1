package dev.attune.tensor;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.global.torch;

/** The random generator of libtorch, one for the process: initialisation and dropout draw from it. */
public final class Rng {
    private Rng() {}

    /** Seeds the generator, as {@code torch.manual_seed}. */
    public static void seed(long seed) {
        Native.load();
        torch.manual_seed(seed);
    }

    /** The whole state; {@link #restore} continues from it exactly. */
    public static byte[] state() {
        Native.load();
        try (Scope scope = Scope.open();
                Generator generator = torch.getDefaultCPUGenerator()) {
            return Tensor.of(generator.get_state()).toBytes();
        }
    }

    /** Continues from a state taken by {@link #state}. */
    public static void restore(byte[] state) {
        Native.load();
        try (Scope scope = Scope.open();
                Generator generator = torch.getDefaultCPUGenerator()) {
            Tensor bytes = Tensor.ofBytes(state);
            Operation.guard("set_state", () -> {
                generator.set_state(bytes.handle());
                return true;
            });
        }
    }
}
