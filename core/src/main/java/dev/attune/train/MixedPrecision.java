package dev.attune.train;

import dev.attune.tensor.Cpu;
import dev.attune.tensor.DType;
import java.util.Locale;

/** The type of the matrix products; weights and optimizer state stay in 32 bits. */
public enum MixedPrecision {
    /** 32 bits. */
    NO,
    /** What the hardware computes fast. */
    AUTO,
    BF16,
    FP16;

    /** The name in YAML, for instance {@code bf16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Not {@link #AUTO}: bf16 where the processor has instructions for it. Products of float16 are slow on any but the newest. */
    MixedPrecision on(Cpu cpu) {
        if (this != AUTO) return this;
        return cpu.hasBfloat16() ? BF16 : NO;
    }

    DType type() {
        return switch (on(Cpu.here())) {
            case BF16 -> DType.BFLOAT16;
            case FP16 -> DType.FLOAT16;
            default -> DType.FLOAT32;
        };
    }

    /** What {@link #AUTO} is on this processor, and why: a sentence. */
    public static String reason(Cpu cpu) {
        return cpu.hasBfloat16()
                ? "mixed_precision auto: bf16, because this processor (" + cpu.name() + ") has instructions for it ("
                        + cpu.bfloat16() + ")."
                : "mixed_precision auto: no, because this processor (" + cpu.name() + ") "
                        + (cpu.isKnown()
                                ? "has no instructions for bf16."
                                : "does not tell whether it has instructions for bf16.");
    }
}
