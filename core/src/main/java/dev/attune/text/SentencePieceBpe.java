package dev.attune.text;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A byte-pair encoding in the manner of sentencepiece as a Hugging Face {@code tokenizer.json}, which is what the first two
 * Llamas have: a blank is put before the text, all blanks are written as U+2581, nothing is split before the merges, and a
 * character that is no token becomes the tokens of its bytes.
 */
final class SentencePieceBpe {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SentencePieceBpe() {}

    /** The text of {@code tokenizer.json}. */
    static String tokenizerJson(Llama2cVocabulary vocabulary) {
        List<String> tokens = vocabulary.tokens();
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        special(added, tokens, Llama2cVocabulary.UNKNOWN);
        special(added, tokens, Llama2cVocabulary.BEGINNING);
        special(added, tokens, Llama2cVocabulary.END);
        normalizer(root.putObject("normalizer"));
        root.putNull("pre_tokenizer");
        beginning(root.putObject("post_processor"), tokens.indexOf(Llama2cVocabulary.BEGINNING));
        decoder(root.putObject("decoder"));
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").put("unk_token", Llama2cVocabulary.UNKNOWN);
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) ids.put(tokens.get(id), id);
        ArrayNode pairs = model.putArray("merges");
        for (Llama2cVocabulary.Merge merge : vocabulary.merges()) {
            pairs.addArray().add(merge.first()).add(merge.second());
        }
        return JSON.writeValueAsString(root);
    }

    /** What stands beside it in {@code tokenizer_config.json}. */
    static ObjectNode config(int maxLength) {
        return JSON.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("bos_token", Llama2cVocabulary.BEGINNING)
                .put("eos_token", Llama2cVocabulary.END)
                .put("unk_token", Llama2cVocabulary.UNKNOWN)
                .put("clean_up_tokenization_spaces", false)
                .put("model_max_length", maxLength);
    }

    private static void special(ArrayNode added, List<String> tokens, String content) {
        added.addObject()
                .put("id", tokens.indexOf(content))
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static void normalizer(ObjectNode part) {
        ArrayNode parts = part.put("type", "Sequence").putArray("normalizers");
        parts.addObject().put("type", "Prepend").put("prepend", Llama2cVocabulary.BLANK);
        replace(parts, " ", Llama2cVocabulary.BLANK);
    }

    private static void replace(ArrayNode parts, String what, String by) {
        ObjectNode part = parts.addObject().put("type", "Replace");
        part.putObject("pattern").put("String", what);
        part.put("content", by);
    }

    private static void decoder(ObjectNode part) {
        ArrayNode parts = part.put("type", "Sequence").putArray("decoders");
        replace(parts, Llama2cVocabulary.BLANK, " ");
        parts.addObject().put("type", "ByteFallback");
        parts.addObject().put("type", "Fuse");
        parts.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
    }

    /** The token that each text begins with. */
    private static void beginning(ObjectNode part, int id) {
        part.put("type", "TemplateProcessing");
        for (String key : List.of("single", "pair")) {
            ArrayNode template = part.putArray(key);
            text(template, "A", 0);
            if (key.equals("pair")) text(template, "B", 1);
        }
        ObjectNode token = part.putObject("special_tokens").putObject(Llama2cVocabulary.BEGINNING);
        token.put("id", Llama2cVocabulary.BEGINNING).putArray("ids").add(id);
        token.putArray("tokens").add(Llama2cVocabulary.BEGINNING);
    }

    private static void text(ArrayNode template, String name, int typeId) {
        for (String kind : List.of("SpecialToken", "Sequence")) {
            template.addObject()
                    .putObject(kind)
                    .put("id", kind.equals("Sequence") ? name : Llama2cVocabulary.BEGINNING)
                    .put("type_id", typeId);
        }
    }
}
