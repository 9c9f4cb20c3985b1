package dev.attune.checkpoint;

import dev.attune.checkpoint.OnnxGraph.Initializer;
import dev.attune.checkpoint.OnnxGraph.Node;
import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the graph in an ONNX file tells about an encoder that the shapes of its tensors do not. A fact is empty where the
 * graph does not tell it, or tells two.
 *
 * @param heads attention heads: the constants by which queries, keys and values are reshaped
 * @param layerNormEpsilon what is added to the variance before its root is taken
 * @param activation between the two layers of the feed-forward block, by its name in Hugging Face's {@code hidden_act}
 */
public record GraphFacts(Optional<Integer> heads, Optional<Double> layerNormEpsilon, Optional<String> activation) {

    /**
     * Reads the facts of a file.
     *
     * @param hiddenSize C of the model, which its tensors tell
     * @throws CheckpointException if the file is missing or malformed
     */
    public static GraphFacts read(Path onnx, int hiddenSize) {
        try (MappedFile file = MappedFile.open(onnx)) {
            Reader graph = new Reader(OnnxGraph.read(file));
            return new GraphFacts(
                    only(graph.heads(hiddenSize)),
                    only(graph.layerNormEpsilons()),
                    only(graph.activations()).filter(name -> !name.isEmpty()));
        } catch (IOException e) {
            throw new CheckpointException("Cannot close " + onnx + ": " + e.getMessage() + ".", e);
        }
    }

    private static <T> Optional<T> only(Set<T> found) {
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    /** The graph with its constants and with the way from a tensor to the nodes that use it. */
    private static final class Reader {
        private static final double UNKNOWN = Double.NaN;

        /** Operators that hand on the numbers of a constant as they are. */
        private static final Set<String> SAME_NUMBERS = Set.of("Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape");

        private final List<Node> nodes;
        private final Map<String, double[]> constants = new HashMap<>();
        private final Map<String, Node> makers = new HashMap<>();
        private final Map<String, List<Node>> users = new HashMap<>();

        Reader(OnnxGraph graph) {
            nodes = graph.nodes();
            for (Initializer initializer : graph.initializers()) {
                if (initializer.few() != null) constants.put(initializer.name(), initializer.few());
            }
            for (Node node : nodes) {
                for (String output : node.outputs()) makers.put(output, node);
                for (String input : node.inputs()) {
                    users.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
                }
            }
        }

        /** (batch, tokens, C) becomes (batch, tokens, heads, C / heads), where one of the last two may be -1. */
        Set<Integer> heads(int hiddenSize) {
            Set<Integer> found = new HashSet<>();
            for (Node node : nodes) {
                if (!node.op().equals("Reshape") || node.inputs().size() < 2) continue;
                double[] shape = shape(node.inputs().get(1));
                if (shape.length != 4) continue;
                double heads = shape[2];
                double size = shape[3];
                if (heads == -1 && size > 0 && size < hiddenSize) heads = hiddenSize / size;
                if (size == -1) size = hiddenSize / heads;
                if (heads > 0 && heads == Math.rint(heads) && heads * size == hiddenSize) found.add((int) heads);
            }
            return found;
        }

        /** A shape whose sizes may be unknown; empty if not even their number is known. */
        private double[] shape(String name) {
            Node maker = makers.get(name);
            if (maker == null || !maker.op().equals("Concat")) {
                double[] constant = constant(name, 0);
                return constant == null ? new double[0] : constant;
            }
            double[] shape = new double[maker.inputs().size()];
            for (int i = 0; i < shape.length; i++) {
                double[] part = constant(maker.inputs().get(i), 0);
                if (part != null && part.length != 1) return new double[0];
                shape[i] = part == null ? UNKNOWN : part[0];
            }
            return shape;
        }

        private double @Nullable [] constant(String name, int depth) {
            double[] initializer = constants.get(name);
            if (initializer != null) return initializer;
            Node maker = makers.get(name);
            if (maker == null) return null;
            if (maker.op().equals("Constant")) {
                return maker.numbers().size() == 1
                        ? maker.numbers().values().iterator().next()
                        : null;
            }
            // A damaged file may hold a circle.
            boolean same = SAME_NUMBERS.contains(maker.op()) && !maker.inputs().isEmpty() && depth < 8;
            return same ? constant(maker.inputs().get(0), depth + 1) : null;
        }

        Set<Double> layerNormEpsilons() {
            Set<Double> found = new HashSet<>();
            for (Node node : nodes) {
                if (node.op().equals("LayerNormalization")) {
                    double[] epsilon = node.numbers().get("epsilon");
                    found.add(epsilon == null || epsilon.length != 1 ? 1e-5 : epsilon[0]); // the standard's default
                } else if (node.op().equals("Add") && isRooted(node)) {
                    for (String input : node.inputs()) {
                        double[] epsilon = constant(input, 0);
                        if (epsilon != null && epsilon.length == 1) found.add(epsilon[0]);
                    }
                }
            }
            return found;
        }

        private boolean isRooted(Node node) {
            return users(node).stream().anyMatch(user -> user.op().equals("Sqrt"));
        }

        private List<Node> users(Node node) {
            return node.outputs().stream()
                    .flatMap(output -> users.getOrDefault(output, List.of()).stream())
                    .toList();
        }

        Set<String> activations() {
            Set<String> found = new HashSet<>();
            for (Node node : nodes) {
                if (node.inputs().stream().anyMatch(input -> input.endsWith("intermediate.dense.bias"))) {
                    found.add(activation(node));
                }
            }
            return found;
        }

        /** From the node that adds the bias to the next layer's product; {@code ""} for what has no name here. */
        private String activation(Node bias) {
            List<Node> between = new ArrayList<>();
            Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            Deque<Node> open = new ArrayDeque<>(List.of(bias));
            while (!open.isEmpty()) {
                Node node = open.poll();
                if (!seen.add(node)) continue;
                between.add(node);
                for (Node user : users(node)) {
                    if (!Set.of("MatMul", "Gemm").contains(user.op())) open.add(user);
                }
            }
            return name(between);
        }

        private static String name(List<Node> between) {
            Map<String, Long> ops = between.stream().collect(Collectors.groupingBy(Node::op, Collectors.counting()));
            long products = ops.getOrDefault("Mul", 0L);
            if (ops.containsKey("Erf") || ops.containsKey("BiasGelu")) return "gelu";
            if (ops.containsKey("FastGelu")) return "gelu_new";
            if (ops.containsKey("Gelu")) {
                return between.stream()
                                .anyMatch(node -> "tanh".equals(node.texts().get("approximate")))
                        ? "gelu_new"
                        : "gelu";
            }
            if (ops.containsKey("Tanh")) return products > 1 ? "gelu_new" : "tanh";
            if (ops.containsKey("Relu")) return "relu";
            // x * sigmoid(x); with another factor inside it is not silu
            if (ops.containsKey("Sigmoid") && products < 2) return products == 1 ? "silu" : "sigmoid";
            return "";
        }
    }
}
