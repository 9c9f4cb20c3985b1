package dev.attune.checkpoint;

import dev.attune.checkpoint.OnnxGraph.Node;
import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the graph in an ONNX file tells about an encoder that the shapes of its tensors do not. A fact is empty where the
 * graph does not tell it, or tells two.
 *
 * @param heads attention heads: the constants by which queries, keys and values are reshaped
 * @param layerNormEpsilon what is added to the variance before its root is taken
 * @param activation between the two layers of the feed-forward block, by its name in Hugging Face's {@code hidden_act}
 */
public record GraphFacts(Optional<Integer> heads, Optional<Double> layerNormEpsilon, Optional<String> activation) {
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm");

    /** What {@code epsilon} of a LayerNormalization is where it is not written. */
    private static final double STANDARD_EPSILON = 1e-5;

    /**
     * Reads the facts of a file.
     *
     * @param hiddenSize C of the model, which its tensors tell
     * @throws CheckpointException if the file is missing or malformed
     */
    public static GraphFacts read(Path onnx, int hiddenSize) {
        try (MappedFile file = MappedFile.open(onnx)) {
            OnnxLinks graph = new OnnxLinks(OnnxGraph.read(file));
            return new GraphFacts(
                    only(heads(graph, hiddenSize)),
                    only(layerNormEpsilons(graph)),
                    only(activations(graph)).filter(name -> !name.isEmpty()));
        } catch (IOException e) {
            throw new CheckpointException("Cannot close " + onnx + ": " + e.getMessage() + ".", e);
        }
    }

    private static <T> Optional<T> only(Set<T> found) {
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    /** (batch, tokens, C) becomes (batch, tokens, heads, C / heads), where one of the last two may be -1. */
    private static Set<Integer> heads(OnnxLinks graph, int hiddenSize) {
        Set<Integer> found = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (!node.op().equals("Reshape") || node.inputs().size() < 2) continue;
            double[] shape = graph.shape(node.inputs().get(1));
            if (shape.length != 4) continue;
            double heads = shape[2];
            double size = shape[3];
            if (heads == -1 && size > 0 && size < hiddenSize) heads = hiddenSize / size;
            if (size == -1) size = hiddenSize / heads;
            if (heads > 0 && heads == Math.rint(heads) && heads * size == hiddenSize) found.add((int) heads);
        }
        return found;
    }

    /** Of the operator, or of the form it is taken apart into: Sqrt(Add(variance, epsilon)). */
    private static Set<Double> layerNormEpsilons(OnnxLinks graph) {
        Set<Double> found = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.op().equals("LayerNormalization")) {
                double[] epsilon = node.numbers().get("epsilon");
                found.add(epsilon == null || epsilon.length != 1 ? STANDARD_EPSILON : epsilon[0]);
            } else if (node.op().equals("Add")
                    && graph.users(node).stream().anyMatch(user -> user.op().equals("Sqrt"))) {
                for (String input : node.inputs()) {
                    double[] epsilon = graph.constant(input);
                    if (epsilon != null && epsilon.length == 1) found.add(epsilon[0]);
                }
            }
        }
        return found;
    }

    private static Set<String> activations(OnnxLinks graph) {
        Set<String> found = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(input -> input.endsWith("intermediate.dense.bias"))) {
                found.add(activation(between(graph, node)));
            }
        }
        return found;
    }

    /** From the node that adds the bias up to the next layer's product. */
    private static Set<Node> between(OnnxLinks graph, Node bias) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(bias));
        while (!open.isEmpty()) {
            Node node = open.poll();
            if (!seen.add(node)) continue;
            graph.users(node).stream()
                    .filter(user -> !PRODUCTS.contains(user.op()))
                    .forEach(open::add);
        }
        return seen;
    }

    /** {@code ""} for what has no name here. */
    private static String activation(Set<Node> nodes) {
        Map<String, Long> ops = nodes.stream().collect(Collectors.groupingBy(Node::op, Collectors.counting()));
        long products = ops.getOrDefault("Mul", 0L);
        if (ops.containsKey("Gelu")) {
            boolean tanh =
                    nodes.stream().anyMatch(node -> "tanh".equals(node.texts().get("approximate")));
            return tanh ? "gelu_new" : "gelu";
        }
        if (ops.containsKey("Erf") || ops.containsKey("BiasGelu")) return "gelu";
        if (ops.containsKey("FastGelu")) return "gelu_new";
        if (ops.containsKey("Tanh")) return products > 1 ? "gelu_new" : "tanh";
        if (ops.containsKey("Relu")) return "relu";
        // x * sigmoid(x); with another factor inside it is not silu
        if (ops.containsKey("Sigmoid") && products < 2) return products == 1 ? "silu" : "sigmoid";
        return "";
    }
}
