package dev.attune.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The numbers of scikit-learn and SciPy; made by {@code parity/make_metric_golden.py}. */
final class Golden {
    private Golden() {}

    static List<JsonNode> cases(String kind) {
        return cases("golden.json", kind);
    }

    static List<JsonNode> cases(String file, String kind) {
        try (InputStream in = Golden.class.getResourceAsStream(file)) {
            List<JsonNode> cases = new ArrayList<>();
            JsonMapper.shared().readTree(in).get(kind).forEach(cases::add);
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Confusion confusion(JsonNode golden) {
        Confusion confusion = new Confusion(golden.get("classes").asInt());
        int[] labels = ints(golden.get("labels"));
        confusion.add(labels, ints(golden.get("predicted")));
        return confusion;
    }

    static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) array.get(i).asDouble();
        return values;
    }
}
