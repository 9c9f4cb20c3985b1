package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Each of these once ended the process. */
class TokenizerCheckTest {
    private static void check(String json) {
        TokenizerCheck.require((ObjectNode) JsonMapper.shared().readTree(json), "t.json");
    }

    private static void refused(String json, String why) {
        assertThatThrownBy(() -> check(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("t.json: its ")
                .hasMessageContaining(why)
                .hasMessageContaining("save_pretrained");
    }

    @Test
    void aPartHasToBeKnown() {
        refused(
                "{\"pre_tokenizer\": {\"type\": \"FixedLength\", \"length\": 0}}",
                "\"FixedLength\", but one of BertPreTokenizer");
        refused("{\"decoder\": {}}", "its decoder is of no type");
        refused("{\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"\"}}", "is a Prepend of nothing");
        refused("{\"decoder\": {\"type\": \"Strip\", \"start\": 0, \"stop\": 1}}", "off the end of a token");
        refused(
                "{\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Precompiled\"}]}}",
                "precompiled_charsmap that is damaged: there is none");
    }

    /** The reader of decoders takes every mistake of JSON for the end, and knows more mistakes than Java's. */
    @Test
    void textsAreWholeAndNumbersHaveLimits() {
        refused(
                "{\"decoder\": {\"type\": \"Replace\", \"pattern\": {\"String\": \"\\ud83d\"}, \"content\": \"a\"}}",
                "its decoder has a text with half of a character");
        refused(
                "{\"normalizer\": {\"type\": \"NFC\", \"more\": [\"\\ude00\"]}}",
                "its normalizer has a text with half");
        refused("{\"decoder\": {\"type\": \"Fuse\", \"more\": [1e999]}}", "has a number beyond all limits");
        assertThatCode(() ->
                        check("{\"decoder\": {\"type\": \"Replace\", \"content\": \"\\ud83d\\ude00\", \"more\": 1e9}}"))
                .doesNotThrowAnyException();
    }

    @Test
    void aTemplateHasWhatItNames() {
        String template =
                "{\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [%s], \"special_tokens\": {"
                        + "\"[CLS]\": {\"ids\": [1], \"tokens\": [\"[CLS]\"]}, \"[SEP]\": {\"ids\": [1, 2], \"tokens\": [\"x\"]}}}}";
        assertThatCode(() -> check(
                        template.formatted("{\"SpecialToken\": {\"id\": \"[CLS]\"}}, {\"Sequence\": {\"id\": \"A\"}}")))
                .doesNotThrowAnyException();
        refused(template.formatted("{\"Sequence\": {\"id\": \"B\"}}"), "a second text, B");
        refused(template.formatted("{\"SpecialToken\": {\"id\": \"[MASK]\"}}"), "the token \"[MASK]\" in its template");
        refused(template.formatted("{\"SpecialToken\": {\"id\": \"[SEP]\"}}"), "with as many ids as tokens");
    }

    /** As GPT-NeoX has them: tokens of spaces, which NFC leaves as they are. */
    @Test
    void tokensOfSpacesAreFineWhereNothingTakesThemAway() {
        String json =
                "{\"normalizer\": {\"type\": \"%s\"}, \"added_tokens\": [{\"content\": \"   \", \"normalized\": true}]}";
        assertThatCode(() -> check(json.formatted("NFC"))).doesNotThrowAnyException();
        refused(json.formatted("StripAccents"), "a normalizer may leave nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|a)*b", "((a))*", "(x{2})+", "(a)\\\\1", "(?~a)"})
    void aPatternMustEnd(String regex) {
        refused(
                "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"" + regex + "\"}}}",
                "a repetition is repeated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\\\p{L}+| ?\\\\p{N}+| ?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*"
                        + "|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
                " ?[^(\\\\s|[.,!?…。，、।۔،])]+",
                " {2,}"
            })
    void thePatternsOfKnownModelsDo(String regex) {
        assertThatCode(() -> check(
                        "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"" + regex + "\"}}}"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"String\": \"\"}",
                "{\"Regex\": \"a*\"}",
                "{\"Regex\": \"(?=a)\"}",
                "{\"Regex\": \"\\\\b\"}",
                "{\"Regex\": \"a|^\"}"
            })
    void aReplacementReplacesSomething(String pattern) {
        refused(
                "{\"normalizer\": {\"type\": \"Replace\", \"content\": \"x\", \"pattern\": " + pattern + "}}",
                "fits between two characters");
    }

    @Test
    void aReplacementByACharacterClassIsOne() {
        assertThatCode(() -> check("{\"normalizer\": {\"type\": \"Replace\", \"content\": \"x\","
                        + " \"pattern\": {\"Regex\": \"[^a]{2,}\"}}}"))
                .doesNotThrowAnyException();
    }

    @Test
    void aTextGrowsOnlySoFar() {
        String level = "{\"type\": \"ByteLevel\"}, ";
        String parts = "{\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [%s{\"type\": \"Digits\"}]}}";
        assertThatCode(() -> check(parts.formatted(level.repeat(13)))).doesNotThrowAnyException();
        refused(parts.formatted(level.repeat(14)), "its pre_tokenizer makes a text more than 10000 times as long");
        refused(parts.formatted("{\"type\": \"Digits\"}, ".repeat(40)), "has more than 40 parts");
        refused(
                "{\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \""
                        + "a".repeat(10_001) + "\"}}",
                "more than 10000 times");
    }

    @Test
    void aMergeBeginsWithThePrefix() {
        refused(
                "{\"model\": {\"continuing_subword_prefix\": \"##\", \"merges\": [\"a ##b\", \"a b\"]}}",
                "the merge \"\"a b\"\", whose second half");
    }

    @Test
    void aCharsmapLeadsNowhereOutside() {
        assertThat(Charsmap.mistake(charsmap(256, 0, ""))).isNull();
        assertThat(Charsmap.mistake(charsmap(255, 0, ""))).isEqualTo("its trie leads outside");
        assertThat(Charsmap.mistake(charsmap(512, 2, "é"))).isNull();
        assertThat(Charsmap.mistake(charsmap(512, 1, "é"))).isEqualTo("it replaces by what it does not have");
        assertThat(Charsmap.mistake(charsmap(512, 3, "é"))).isEqualTo("it replaces by what it does not have");
        assertThat(Charsmap.mistake("AAA")).isEqualTo("it is not Base64 in full");
        assertThat(Charsmap.mistake("AAAAgA==")).isEqualTo("its trie has -2147483648 bytes");
    }

    /** One that stands, with 512 units, for the letter l. */
    private static String charsmap(int units, int place, String text) {
        byte[] end = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteBuffer map = ByteBuffer.allocate(4 + 4 * units + end.length).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(0, 4 * units);
        if (units == 512)
            map.putInt(4 + 4 * 'l', 'l' | 1 << 8 | 256 << 10).putInt(4 + 4 * ('l' ^ 256), 1 << 31 | place);
        map.put(4 + 4 * units, end);
        return Base64.getEncoder().encodeToString(map.array());
    }
}
