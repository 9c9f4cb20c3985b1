package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    private static TensorData tensor(String name, DType type, long[] shape, byte[] bytes) {
        return new TensorData(new TensorInfo(name, type, shape), ByteBuffer.wrap(bytes));
    }

    @Test
    void writtenTensorsComeBack() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ByteBuffer half = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 4, 9}, 1, 4);
        Safetensors.write(
                file,
                List.of(
                        new TensorData(new TensorInfo("z.half", DType.FLOAT16, new long[] {2}), half),
                        tensor("mask", DType.BOOL, new long[] {3}, new byte[] {1, 0, 1}),
                        tensor("b.weight", DType.FLOAT32, new long[] {2, 3}, Bytes.floats(1, 2, 3, 4, 5, -6.5f)),
                        tensor("a \"quoted\" ü", DType.FLOAT32, new long[] {}, Bytes.floats(42)),
                        tensor("ids", DType.INT64, new long[] {1, 2}, Bytes.longs(-1, 1L << 40)),
                        tensor("empty", DType.FLOAT32, new long[] {0, 4}, new byte[0])),
                Map.of("epoch", "3"));
        try (Weights weights = Safetensors.open(file)) {
            assertThat(weights.names()).containsExactly("ids", "a \"quoted\" ü", "b.weight", "empty", "z.half", "mask");
            assertThat(weights.metadata()).containsOnly(Map.entry("format", "pt"), Map.entry("epoch", "3"));
            assertThat(weights.info("b.weight"))
                    .isEqualTo(new TensorInfo("b.weight", DType.FLOAT32, new long[] {2, 3}));
            assertThat(Bytes.floats(weights.bytes("b.weight"))).containsExactly(1, 2, 3, 4, 5, -6.5f);
            assertThat(Bytes.floats(weights.bytes("a \"quoted\" ü"))).containsExactly(42);
            assertThat(weights.bytes("ids").getLong(8)).isEqualTo(1L << 40);
            assertThat(weights.bytes("empty").remaining()).isZero();
            assertThat(weights.bytes("z.half")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
            assertThat(weights.bytes("mask").isReadOnly()).isTrue();
            assertThat(weights.bytes("mask").isDirect()).isTrue();
            assertThat(weights.source()).isEqualTo(file.toString());
            assertThat(half.position()).isEqualTo(1);
        }
        long header = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertThat(header % 8).isZero();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileWithoutTensorsIsAFile() {
        Path file = folder.resolve("none.safetensors");
        Safetensors.write(file, List.of(), Map.of());
        try (Weights weights = Safetensors.open(file)) {
            assertThat(weights.names()).isEmpty();
        }
    }

    @Test
    void everyTypeKeepsItsName() {
        Path file = folder.resolve("types.safetensors");
        List<TensorData> tensors = Arrays.stream(DType.values())
                .map(type -> tensor(type.name(), type, new long[] {3}, new byte[3 * type.bytes()]))
                .toList();
        Safetensors.write(file, tensors, Map.of());
        try (Weights weights = Safetensors.open(file)) {
            for (DType type : DType.values())
                assertThat(weights.info(type.name()).dtype()).isEqualTo(type);
        }
    }

    @Test
    void namesMayNotRepeat() {
        TensorData one = tensor("w", DType.INT8, new long[] {1}, new byte[1]);
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), List.of(one, one), Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("two tensors are named \"w\"");
        TensorData reserved = tensor("__metadata__", DType.INT8, new long[] {1}, new byte[1]);
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), List.of(reserved), Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no tensor may be named \"__metadata__\"");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void bytesMustFitTheShape() {
        assertThatThrownBy(() -> tensor("w", DType.FLOAT32, new long[] {2, 2}, new byte[15]))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("\"w\" has 15 bytes, but FLOAT32 of shape [2, 2] needs 16");
    }

    @Test
    void unknownNameSuggestsTheNearest() {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, List.of(tensor("pooler.weight", DType.INT8, new long[] {1}, new byte[1])), Map.of());
        try (Weights weights = Safetensors.open(file)) {
            assertThatThrownBy(() -> weights.bytes("poler.weight"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(
                            "has no tensor \"poler.weight\" among its 1. Did you mean \"pooler.weight\"?");
        }
    }

    @Test
    void aClosedFileSaysSo() {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, List.of(tensor("w", DType.INT8, new long[] {1}, new byte[1])), Map.of());
        Weights weights = Safetensors.open(file);
        ByteBuffer before = weights.bytes("w");
        weights.close();
        assertThat(before.get(0)).isZero();
        assertThatThrownBy(() -> weights.bytes("w"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is closed");
    }

    // ---- malformed files ----

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Bytes.join(Bytes.longs(json.length), json, new byte[dataBytes]);
    }

    private void refused(byte[] content, String... messageParts) {
        Path file = Bytes.write(folder.resolve("bad.safetensors"), content);
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContainingAll(messageParts);
    }

    private static String entry(String dtype, String shape, String offsets) {
        return "{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    @Test
    void aWellFormedFileIsTheBaselineOfTheseTests() {
        Path file = Bytes.write(folder.resolve("good.safetensors"), file(entry("F32", "[2]", "[0,8]") + "   ", 8));
        try (Weights weights = Safetensors.open(file)) {
            assertThat(weights.info("w").elements()).isEqualTo(2);
        }
    }

    @Test
    void tooShortForALength() {
        refused(new byte[7], "is 7 bytes long", "8-byte header length");
        refused(new byte[0], "is 0 bytes long");
    }

    @Test
    void headerLengthIsBounded() {
        refused(Bytes.join(Bytes.longs(100_000_001), new byte[10]), "header of 100000001 bytes, but at most 100000000");
        refused(Bytes.join(Bytes.longs(-1), new byte[10]), "header of 18446744073709551615 bytes");
    }

    @Test
    void headerLongerThanTheFile() {
        refused(Bytes.join(Bytes.longs(50), new byte[10]), "header of 50 bytes, but only 10 follow");
    }

    @Test
    void headerMustBeginWithABrace() {
        refused(file(" " + entry("F32", "[2]", "[0,8]"), 8), "does not begin with '{'");
        refused(file("", 0), "does not begin with '{'");
        refused(file("[]", 0), "does not begin with '{'");
    }

    @Test
    void headerMustBeUtf8() {
        byte[] json = "{\"w?\":{}}".getBytes(StandardCharsets.ISO_8859_1);
        json[3] = (byte) 0xff;
        refused(Bytes.join(Bytes.longs(json.length), json), "not UTF-8");
    }

    @Test
    void headerMustBeJson() {
        refused(file("{\"w\":", 0), "not valid JSON");
        refused(file("{w:1}", 0), "not valid JSON");
        refused(file(entry("F32", "[2]", "[0,8]") + "{}", 8), "text after the JSON object");
        refused(file("{\"w\":" + "[".repeat(5000), 0), "tensor \"w\"", "not described by a JSON object");
        refused(file("{\"w\":{\"x\":" + "[".repeat(5000), 0), "not valid JSON");
    }

    @Test
    void keysMayNotRepeat() {
        String w = "\"w\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}";
        refused(file("{" + w + "," + w + "}", 1), "not valid JSON", "uplicate", "w");
        refused(
                file("{\"w\":{\"dtype\":\"I8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1),
                "uplicate",
                "dtype");
        refused(file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0), "uplicate");
    }

    @Test
    void entriesMustBeComplete() {
        refused(file("{\"w\":7}", 0), "tensor \"w\" is not described by a JSON object");
        refused(file("{\"w\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1), "tensor \"w\" has no \"dtype\"");
        refused(file("{\"w\":{\"dtype\":\"I8\",\"data_offsets\":[0,1]}}", 1), "tensor \"w\" has no \"shape\"");
        refused(file("{\"w\":{\"dtype\":\"I8\",\"shape\":[1]}}", 1), "tensor \"w\" has no \"data_offsets\"");
        refused(file("{\"w\":{\"dtype\":8,\"shape\":[1],\"data_offsets\":[0,1]}}", 1), "dtype that is not a string");
        refused(file(entry("I8", "3", "[0,1]"), 1), "shape that is not a list");
        refused(file(entry("I8", "[1.5]", "[0,1]"), 1), "\"1.5\" in shape");
        refused(file(entry("I8", "[[1]]", "[0,1]"), 1), "tensor \"w\"", "in shape");
        refused(file(entry("I8", "[1]", "[0]"), 1), "1 data_offsets");
        refused(file(entry("I8", "[1]", "[0,1,2]"), 1), "3 data_offsets");
        refused(file("{\"__metadata__\":[]}", 0), "\"__metadata__\"", "not a JSON object");
        refused(file("{\"__metadata__\":{\"a\":1}}", 0), "\"a\" is not a string");
    }

    @Test
    void unknownTypeIsNamed() {
        refused(
                file(entry("F8_E4M3", "[2]", "[0,2]"), 2),
                "tensor \"w\"",
                "\"F8_E4M3\"",
                "F64, F32, F16, BF16",
                "Convert");
    }

    @Test
    void sizeMustFitTypeAndShape() {
        refused(file(entry("F32", "[2,3]", "[0,20]"), 20), "tensor \"w\" has 20 bytes", "need 24");
    }

    @Test
    void sizesMayNotBeNegativeOrOverflow() {
        refused(file(entry("F32", "[-1]", "[0,4]"), 4), "tensor \"w\" has a negative size in shape [-1]");
        refused(file(entry("F32", "[4294967296,4294967296]", "[0,0]"), 0), "more bytes than fit 64 bits");
        refused(file(entry("F32", "[4611686018427387904]", "[0,0]"), 0), "more bytes than fit 64 bits");
        refused(file(entry("F32", "[0,4294967296,4294967296]", "[0,0]"), 0), "more bytes than fit 64 bits");
        refused(file(entry("F32", "[99999999999999999999]", "[0,0]"), 0), "at most 64 bits");
    }

    @Test
    void offsetsMustBeARange() {
        refused(file(entry("I8", "[1]", "[2,1]"), 2), "data_offsets [2, 1], which is no range");
        refused(file(entry("I8", "[1]", "[-1,0]"), 0), "data_offsets [-1, 0], which is no range");
    }

    private static String two(int begin, int end) {
        return "{\"a\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"I8\",\"shape\":["
                + (end - begin) + "],\"data_offsets\":[" + begin + "," + end + "]}}";
    }

    @Test
    void tensorsMayNotOverlapOrLeaveHoles() {
        refused(file(two(3, 8), 8), "tensor \"b\" begins at 3, overlapping \"a\", which ends at 4");
        refused(file(two(5, 8), 8), "tensor \"b\" begins at 5, leaving a hole after \"a\", which ends at 4");
        refused(file(entry("I8", "[1]", "[1,2]"), 2), "tensor \"w\" begins at 1, leaving a hole after the header");
    }

    @Test
    void dataMustEndWithTheFile() {
        refused(file(entry("F32", "[2]", "[0,8]"), 7), "need 8 bytes after the header, but 7 are there");
        refused(file(entry("F32", "[2]", "[0,8]"), 10), "2 trailing bytes");
    }

    @Test
    void hugeNumbersOfTensorsAreRefused() {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= 100_000; i++) {
            header.append(i == 0 ? "" : ",").append('"').append(i);
            header.append("\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        refused(file(header + "}", 0), "more than 100000 tensors");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none.safetensors")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("none.safetensors does not exist");
        assertThatThrownBy(() -> Safetensors.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void damagedBytesNeverEscapeAsAnotherException() {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(
                file,
                List.of(
                        tensor("w", DType.FLOAT32, new long[] {2, 2}, Bytes.floats(1, 2, 3, 4)),
                        tensor("b", DType.FLOAT32, new long[] {2}, Bytes.floats(5, 6))),
                Map.of());
        Damage.tryMany(file, folder.resolve("damaged.safetensors"), Safetensors::open, new Random(Damage.SEED));
    }
}
