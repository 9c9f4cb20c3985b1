package dev.attune.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A tokenizer whose tokens are the bytes of a text, with three special ones before them: padding 0, end 1, unknown 2. */
public final class ByteTokenizer {
    /** Tokens that there are. */
    public static final int SIZE = 3 + 256;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ByteTokenizer() {}

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json}.
     *
     * @param ends whether each text ends with the token that ends texts, as T5's do
     */
    public static Path write(Path directory, boolean ends) throws IOException {
        Files.createDirectories(directory);
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        String[] special = {"<pad>", "</s>", "<unk>"};
        for (int id = 0; id < special.length; id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", special[id])
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"));
        if (ends) {
            ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
            for (String name : new String[] {"single", "pair"}) {
                ArrayNode parts = template.putArray(name);
                for (String sequence : name.equals("pair") ? new String[] {"A", "B"} : new String[] {"A"}) {
                    parts.addObject().putObject("Sequence").put("id", sequence).put("type_id", 0);
                    parts.addObject()
                            .putObject("SpecialToken")
                            .put("id", "</s>")
                            .put("type_id", 0);
                }
            }
            ObjectNode token =
                    template.putObject("special_tokens").putObject("</s>").put("id", "</s>");
            token.putArray("ids").add(1);
            token.putArray("tokens").add("</s>");
        } else {
            root.putNull("post_processor");
        }
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "BPE").putNull("dropout");
        model.put("unk_token", "<unk>").put("fuse_unk", false);
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < special.length; id++) vocab.put(special[id], id);
        for (int b = 0, more = 0; b < 256; b++) {
            boolean shown = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            vocab.put(String.valueOf((char) (shown ? b : 256 + more++)), 3 + b);
        }
        model.putArray("merges");
        Files.writeString(directory.resolve("tokenizer.json"), JSON.writeValueAsString(root));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"pad_token\": \"<pad>\", \"eos_token\": \"</s>\","
                        + " \"unk_token\": \"<unk>\"}",
                StandardCharsets.UTF_8);
        return directory;
    }

    private static void byteLevel(ObjectNode part) {
        part.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }
}
