package dev.attune.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Changes a JSON text node by node, so that it stays JSON and comes past the parser. */
final class JsonMutator {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(100_000)
                            .build())
                    .build())
            .build();

    private JsonMutator() {}

    /**
     * A text with one to four changes.
     *
     * @param other a text from which nodes are taken
     */
    static byte[] change(byte[] input, byte[] other, List<String> words, SplittableRandom random) {
        JsonNode tree;
        List<JsonNode> spare = new ArrayList<>();
        int start = input.length > 8 && input[8] == '{' ? 8 : 0; // safetensors
        int end = start == 0 ? input.length : lastBrace(input) + 1;
        try {
            tree = JSON.readTree(input, start, end - start);
            collect(JSON.readTree(other, start, (start == 0 ? other.length : lastBrace(other) + 1) - start), spare);
        } catch (JacksonException lines) { // of JSON Lines, or a seed that is none on purpose
            return input;
        }
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            List<JsonNode> places = new ArrayList<>();
            collect(tree, places);
            places.removeIf(node -> !node.isContainer());
            if (places.isEmpty()) break;
            change(Mutator.any(places, random), spare, words, random);
        }
        byte[] text = JSON.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
        byte[] joined = new byte[start + text.length + input.length - end];
        System.arraycopy(input, 0, joined, 0, start);
        System.arraycopy(text, 0, joined, start, text.length);
        System.arraycopy(input, end, joined, start + text.length, input.length - end);
        return joined;
    }

    private static int lastBrace(byte[] input) {
        int last = input.length - 1;
        while (last > 0 && input[last] != '}') last--;
        return last;
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        into.add(node);
        node.forEach(child -> collect(child, into));
    }

    private static void change(JsonNode place, List<JsonNode> spare, List<String> words, SplittableRandom random) {
        JsonNode value = random.nextInt(3) == 0 ? Mutator.any(spare, random).deepCopy() : value(words, random);
        if (place instanceof ObjectNode object) {
            List<String> keys = new ArrayList<>(object.propertyNames());
            String key =
                    keys.isEmpty() || random.nextInt(6) == 0 ? Mutator.text(words, random) : Mutator.any(keys, random);
            if (random.nextInt(5) == 0) object.remove(key);
            else object.set(key, value);
        } else if (place instanceof ArrayNode array) {
            int at = random.nextInt(array.size() + 1);
            if (at == array.size() || random.nextInt(4) == 0) array.insert(at, value);
            else if (random.nextInt(4) == 0) array.remove(at);
            else array.set(at, value);
        }
    }

    private static JsonNode value(List<String> words, SplittableRandom random) {
        JsonNodeFactory make = JSON.getNodeFactory();
        return switch (random.nextInt(10)) {
            case 0 -> make.nullNode();
            case 1 -> make.booleanNode(random.nextBoolean());
            case 2 -> make.stringNode("");
            case 3 -> make.stringNode(Mutator.text(words, random).repeat(1 << random.nextInt(10)));
            case 4 -> make.arrayNode();
            case 5 -> make.objectNode();
            case 6 -> nested(make, 1 << random.nextInt(11));
            case 7 -> make.numberNode(new double[] {0.5, -1, 1e300, 1e-300, 3}[random.nextInt(5)]);
            case 8 -> make.numberNode(Mutator.limit(random));
            default -> make.stringNode(Mutator.text(words, random));
        };
    }

    private static JsonNode nested(JsonNodeFactory make, int depth) {
        JsonNode node = make.arrayNode();
        for (int i = 0; i < depth; i++) {
            JsonNode outer = i % 2 == 0
                    ? make.objectNode().set("a", node)
                    : make.arrayNode().add(node);
            node = outer;
        }
        return node;
    }
}
