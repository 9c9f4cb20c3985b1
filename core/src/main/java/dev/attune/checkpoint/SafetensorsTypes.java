package dev.attune.checkpoint;

import dev.attune.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names safetensors gives to element types. */
final class SafetensorsTypes {
    /** The order in which the reference writer puts types: wide ones first, so that every tensor is aligned. */
    static final List<DType> WRITING_ORDER = List.of(
            DType.INT64,
            DType.FLOAT64,
            DType.FLOAT32,
            DType.INT32,
            DType.BFLOAT16,
            DType.FLOAT16,
            DType.INT16,
            DType.INT8,
            DType.UINT8,
            DType.BOOL);

    private SafetensorsTypes() {}

    static String write(DType type) {
        return switch (type) {
            case FLOAT64 -> "F64";
            case FLOAT32 -> "F32";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case INT64 -> "I64";
            case INT32 -> "I32";
            case INT16 -> "I16";
            case INT8 -> "I8";
            case UINT8 -> "U8";
            case BOOL -> "BOOL";
        };
    }

    /** Null if there is no such type here; the format has more (8-bit floats, unsigned and complex numbers). */
    static @Nullable DType read(String name) {
        for (DType type : DType.values()) if (write(type).equals(name)) return type;
        return null;
    }

    static String names() {
        return Arrays.stream(DType.values()).map(SafetensorsTypes::write).collect(Collectors.joining(", "));
    }
}
