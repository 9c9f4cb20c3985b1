package dev.attune.task.text2text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.error.CheckpointException;
import dev.attune.generate.GenerationArguments;
import dev.attune.model.Golden;
import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A real BART that spells English words in phonemes: it reads in letters and writes in other ones, so its folder has two tokenizers.
 * The ids are those of {@code parity/make_spelling_golden.py}.
 */
@EnabledIf("isThere")
class RealSpellingTest {
    private static final Path DATA = Path.of("..", "..", "shared", "data", "bart-g2p-en");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int WORDS = 500;

    @TempDir
    Path temp;

    static boolean isThere() {
        return Files.isDirectory(DATA);
    }

    /** A character is a token, whose id is its first place in {@code letters}. */
    private static void tokenizer(String letters, Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding").putNull("normalizer");
        String[] special = {"<pad>", "<s>", "</s>", "<unk>"};
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode vocab = JSON.createObjectNode();
        for (int id = 0; id < special.length; id++) {
            vocab.put(special[id], id);
            added.addObject()
                    .put("id", id)
                    .put("content", special[id])
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        for (int id = special.length; id < letters.length(); id++) vocab.put(letters.substring(id, id + 1), id);
        ObjectNode split = root.putObject("pre_tokenizer").put("type", "Split");
        split.putObject("pattern").put("Regex", "[\\s\\S]");
        split.put("behavior", "Isolated").put("invert", false);
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
        for (String name : List.of("single", "pair")) {
            ArrayNode parts = template.putArray(name);
            parts.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 0);
            parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            parts.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
            if (name.equals("pair"))
                parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
        }
        ObjectNode tokens = template.putObject("special_tokens");
        for (int id = 1; id < 3; id++) {
            ObjectNode token = tokens.putObject(special[id]).put("id", special[id]);
            token.putArray("ids").add(id);
            token.putArray("tokens").add(special[id]);
        }
        root.putObject("decoder").put("type", "Fuse");
        root.putObject("model")
                .put("type", "WordLevel")
                .put("unk_token", "<unk>")
                .set("vocab", vocab);
        Files.writeString(file, JSON.writeValueAsString(root));
    }

    private Path folder() throws IOException {
        Files.copy(DATA.resolve("us_bart_config.json"), temp.resolve("config.json"));
        Files.copy(DATA.resolve("us_bart.safetensors"), temp.resolve("model.safetensors"));
        ModelConfig config = ModelConfig.read(temp);
        tokenizer(config.text("grapheme_chars", ""), temp.resolve("tokenizer.json"));
        tokenizer(config.text("phoneme_chars", ""), temp.resolve("target_tokenizer.json"));
        return temp;
    }

    private static List<String> words() throws IOException {
        List<String> words = new ArrayList<>();
        for (String word :
                JSON.readTree(Files.readAllBytes(DATA.resolve("us_gold.json"))).propertyNames()) {
            if (word.matches("[A-Za-z']+")) words.add(word);
        }
        words.sort(null);
        int step = words.size() / WORDS;
        List<String> some = new ArrayList<>();
        for (int i = 0; some.size() < WORDS; i += step) some.add(words.get(i));
        return some;
    }

    @Test
    void spellsAsTheReferenceSpells() throws IOException {
        JsonNode golden = Golden.json(Golden.path("task/text2text/spelling.json"));
        List<String> words = words();
        assertThat(words.stream().mapToInt(String::length).toArray())
                .as("the words of the golden numbers")
                .isEqualTo(Golden.ints(golden.get("letters")));
        FineTuned model = FineTuned.open(folder().toString());
        for (String how : List.of("greedy", "beams")) {
            GenerationArguments asked = GenerationArguments.builder()
                    .maxNewTokens(40)
                    .numBeams(how.equals("beams") ? 4 : 1)
                    .build();
            Text2TextAnswers answers =
                    Text2TextAnswers.builder().generation(asked).build();
            try (Text2TextPipeline spelling = Text2TextPipeline.load(model, answers);
                    Tokenizer tokenizer = Tokenizer.load(temp)) {
                List<String> expected = new ArrayList<>();
                for (JsonNode ids : golden.get(how)) {
                    expected.add(tokenizer.ofTargets().decode(Golden.ints(ids), true));
                }
                List<String> spelled =
                        spelling.answer(words).stream().map(TextsAbout::text).toList();
                assertThat(spelled).as(how).isEqualTo(expected);
            }
        }
    }

    @Test
    void bothTokenizersAreKept() throws IOException {
        Path kept = Files.createDirectory(temp.resolve("kept"));
        try (Tokenizer tokenizer = Tokenizer.load(folder())) {
            tokenizer.save(kept);
            try (Tokenizer again = Tokenizer.load(kept)) {
                assertThat(again.ofTargets()).isNotSameAs(again);
                assertThat(again.fingerprint()).isEqualTo(tokenizer.fingerprint());
                assertThat(again.encodeIds("cab", null, 10).ids())
                        .isNotEqualTo(
                                again.ofTargets().encodeIds("cab", null, 10).ids());
            }
            Files.delete(kept.resolve("target_tokenizer.json"));
            try (Tokenizer alone = Tokenizer.load(kept)) {
                assertThat(alone.ofTargets()).isSameAs(alone);
                assertThat(alone.fingerprint()).isNotEqualTo(tokenizer.fingerprint());
            }
        }
        Files.writeString(kept.resolve("target_tokenizer.json"), "[]");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Tokenizer.load(kept))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("target_tokenizer.json");
    }
}
