package dev.attune.model;

import dev.attune.checkpoint.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tensors of a BERT tell about its config.
 *
 * @param labels rows of the classifier, 0 if there is none
 * @param pooled whether there is a pooler, without which a classifier is one of tokens
 */
record BertSizes(
        int vocabulary,
        int hidden,
        int layers,
        int intermediate,
        int positions,
        int tokenTypes,
        int labels,
        boolean pooled) {
    private static final Pattern BODY = Pattern.compile("embeddings\\.(word|position|token_type)_embeddings\\.weight"
            + "|embeddings\\.LayerNorm\\.(weight|bias)"
            + "|encoder\\.layer\\.\\d+\\.(attention\\.self\\.(query|key|value)|attention\\.output\\.(dense|LayerNorm)"
            + "|intermediate\\.dense|output\\.(dense|LayerNorm))\\.(weight|bias)");
    private static final Pattern LAYER = Pattern.compile("encoder\\.layer\\.(\\d{1,4})\\..*");

    /** Why tensors are not those of a BERT, as the end of a sentence. */
    static final class NoBert extends Exception {
        NoBert(String why) {
            super(why);
        }
    }

    static BertSizes of(Weights weights) throws NoBert {
        String prefix = weights.names().contains("bert.embeddings.word_embeddings.weight") ? "bert." : "";
        int layers = layers(weights, prefix);
        int[] words = matrix(weights, prefix + "embeddings.word_embeddings.weight");
        int intermediate = matrix(weights, prefix + "encoder.layer.0.intermediate.dense.weight")[0];
        int positions = matrix(weights, prefix + "embeddings.position_embeddings.weight")[0];
        int types = matrix(weights, prefix + "embeddings.token_type_embeddings.weight")[0];
        if (types < 2) {
            // RoBERTa's tensors are named as BERT's, but its positions begin at 2.
            throw new NoBert("the weights have one token type, as RoBERTa has, and BERT has two");
        }
        int labels = weights.names().contains("classifier.weight") ? matrix(weights, "classifier.weight")[0] : 0;
        boolean pooled = weights.names().contains(prefix + "pooler.dense.weight");
        return new BertSizes(words[0], words[1], layers, intermediate, positions, types, labels, pooled);
    }

    /** A tensor that BERT lacks is from a relative of it, whose numbers Bert would get wrong. */
    private static int layers(Weights weights, String prefix) throws NoBert {
        int layers = 0;
        for (String name : weights.names()) {
            String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
            boolean body = bare.startsWith("embeddings.") || bare.startsWith("encoder.");
            if (body && !BODY.matcher(bare).matches()) {
                throw new NoBert("the weights have a tensor " + name + ", which BERT does not");
            }
            Matcher layer = LAYER.matcher(bare);
            if (layer.matches()) layers = Math.max(layers, Integer.parseInt(layer.group(1)) + 1);
        }
        return layers;
    }

    private static int[] matrix(Weights weights, String name) throws NoBert {
        if (!weights.names().contains(name)) {
            throw new NoBert("the weights have no tensor " + name + ", so they are not those of a BERT");
        }
        long[] shape = weights.info(name).shape();
        boolean matrix = shape.length == 2 && Math.min(shape[0], shape[1]) > 0;
        if (!matrix || Math.max(shape[0], shape[1]) > Integer.MAX_VALUE) {
            throw new NoBert("the tensor " + name + " of shape " + Arrays.toString(shape) + " is no matrix of BERT's");
        }
        return new int[] {(int) shape[0], (int) shape[1]};
    }

    /** The reference's class of a model that has these tensors. */
    String architecture() {
        if (labels == 0) return "BertModel";
        return pooled ? "BertForSequenceClassification" : "BertForTokenClassification";
    }

    /** Under the keys of config.json. */
    Map<String, Object> toConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("vocab_size", vocabulary);
        config.put("hidden_size", hidden);
        config.put("num_hidden_layers", layers);
        config.put("intermediate_size", intermediate);
        config.put("max_position_embeddings", positions);
        config.put("type_vocab_size", tokenTypes);
        if (labels > 0) {
            Map<String, String> names = new LinkedHashMap<>();
            for (int id = 0; id < labels; id++) names.put(Integer.toString(id), "LABEL_" + id);
            config.put("id2label", names);
        }
        return config;
    }
}
