package dev.attune.tensor;

import dev.attune.error.TensorException;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types of tensors, in memory and in files. */
public enum DType {
    FLOAT64(8),
    FLOAT32(4),
    FLOAT16(2),
    BFLOAT16(2),
    INT64(8),
    INT32(4),
    INT16(2),
    INT8(1),
    UINT8(1),
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether values are floating point. */
    public boolean isFloating() {
        return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
    }

    ScalarType torch() {
        return switch (this) {
            case FLOAT64 -> ScalarType.Double;
            case FLOAT32 -> ScalarType.Float;
            case FLOAT16 -> ScalarType.Half;
            case BFLOAT16 -> ScalarType.BFloat16;
            case INT64 -> ScalarType.Long;
            case INT32 -> ScalarType.Int;
            case INT16 -> ScalarType.Short;
            case INT8 -> ScalarType.Char;
            case UINT8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }

    static DType of(ScalarType type) {
        // A native call makes a nameless enum object that only carries the value; intern() finds the constant.
        return switch (type.intern()) {
            case Double -> FLOAT64;
            case Float -> FLOAT32;
            case Half -> FLOAT16;
            case BFloat16 -> BFLOAT16;
            case Long -> INT64;
            case Int -> INT32;
            case Short -> INT16;
            case Char -> INT8;
            case Byte -> UINT8;
            case Bool -> BOOL;
            default -> throw new TensorException("Attune has no element type " + type + ".");
        };
    }
}
