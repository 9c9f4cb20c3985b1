package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Weights;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Golden files made by {@code parity/}, and the one way to compare with them. */
public final class Golden {
    private Golden() {}

    /** A file or folder beside the test classes of package {@code dev.attune.<name>}. */
    public static Path path(String name) {
        URL url = Golden.class.getResource("/dev/attune/" + name);
        if (url == null) throw new AssertionError("No golden file " + name + "; run the scripts in parity/.");
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static JsonNode json(Path file) {
        return JsonMapper.builder().build().readTree(file.toFile());
    }

    public static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).intValue();
        return values;
    }

    /** Values of a stored FLOAT32 tensor. */
    public static float[] floats(Weights weights, String name) {
        assertThat(weights.info(name).dtype()).isEqualTo(DType.FLOAT32);
        ByteBuffer bytes = weights.bytes(name);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** Largest difference relative to the size of the numbers: |a-b| / max(1, |b|) must stay below {@code tolerance}. */
    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(what + ": number of values").hasSameSizeAs(expected);
        double worst = 0;
        int at = -1;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
            if (!(difference <= worst)) {
                worst = difference;
                at = i;
            }
        }
        assertThat(worst)
                .as(
                        "%s differs most at %d: %s, expected %s",
                        what, at, at < 0 ? 0 : actual[at], at < 0 ? 0 : expected[at])
                .isLessThan(tolerance);
    }

    public static void assertClose(String what, Tensor actual, Weights expected, String name, double tolerance) {
        try (Scope scope = Scope.open()) {
            assertClose(what, actual.toFloats(), floats(expected, name), tolerance);
        }
    }
}
