package dev.attune.task.tokenclassification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rows of words and tags mean, and which are refused. */
class TaggedRowsTest {
    @TempDir
    Path temp;

    private Dataset file(String name, String... lines) throws Exception {
        Path file = Files.write(temp.resolve(name), List.of(lines));
        return Datasets.read(file.toString());
    }

    private static TokenClassificationData data(Dataset rows, TokenClassificationSettings settings) {
        return (TokenClassificationData) new TokenClassification()
                .prepare(settings, new TaskInput(rows, null, TaskOptions.DEFAULT, 1, DataCache.off()));
    }

    private static TaggedWords row(Dataset rows, TokenClassificationSettings settings, int row) {
        TokenClassificationData data = data(rows, settings);
        TokenClassificationSettings found = data.settings();
        return new TaggedRows(rows, data.found(), found.labels(), found.tagScheme(), found.repairTags()).read(row);
    }

    @Test
    void conllFilesHaveSentences() throws Exception {
        Dataset rows = file(
                "a.conll",
                "-DOCSTART- -X- O",
                "",
                "# a comment of many words here",
                "Anna NN B-PER",
                "# # O",
                "",
                "",
                "x y O");
        assertThat(rows.columns()).containsExactly("tokens", "column_2", "tags");
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.value(0, "tokens")).isEqualTo(List.of("Anna", "#"));
        assertThat(rows.value(0, "tags")).isEqualTo(List.of("B-PER", "O"));
        assertThat(rows.where(0)).endsWith("a.conll line 4");
        Dataset tabs = file("b.bio", "# 3", "#\tO", "New York\tB-LOC");
        assertThat(tabs.value(0, "tokens")).isEqualTo(List.of("#", "New York"));
        assertThatThrownBy(() -> file("c.iob", "a O", "b", "c O"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("c.iob line 2: expected 2 columns separated by spaces");
    }

    @Test
    void schemesAreTold() {
        assertThat(TagScheme.of(List.of(List.of("O", "B-P", "I-P")))).isEqualTo(TagScheme.BIO);
        assertThat(TagScheme.of(List.of(List.of("O", "I-P", "B-P")))).isEqualTo(TagScheme.IOB1);
        assertThat(TagScheme.of(List.of(List.of("S-P", "B-P", "E-P")))).isEqualTo(TagScheme.BIOES);
        assertThat(TagScheme.of(List.of(List.of("NOUN", "O")))).isEqualTo(TagScheme.PLAIN);
        assertThat(TagScheme.of(List.of(List.of("B-P", "I-P", "L-P"), List.of("O", "U-P"))))
                .isEqualTo(TagScheme.BILOU);
        assertThat(TagScheme.of(List.of(List.of("B-P", "M-P", "E-P", "W-P")))).isEqualTo(TagScheme.BMEWO);
        assertThat(TagScheme.of(List.of(List.of("B-P", "M-P", "E-P", "S-P")))).isEqualTo(TagScheme.BMES);
        assertThat(TagScheme.of(List.of(List.of("M-P", "U-P")))).isEqualTo(TagScheme.PLAIN);
        assertThat(TagScheme.of(List.of(List.of("O", "O")))).isEqualTo(TagScheme.BIO);
        assertThat(TagScheme.BIOES.illegal(List.of("B-P", "O"))).isEqualTo(1);
        assertThat(TagScheme.BIOES.illegal(List.of("O", "B-P"))).isEqualTo(1);
        assertThat(TagScheme.BIOES.repaired(List.of("B-P", "O", "I-P", "I-P")))
                .containsExactly("S-P", "O", "B-P", "E-P");
        assertThat(TagScheme.IOB1.repaired(List.of("B-P", "B-P", "O"))).containsExactly("I-P", "B-P", "O");
    }

    /** The same entities in each of the four alphabets, legal and not. */
    @Test
    void lettersMayBeOthers() {
        List<String> bioes = List.of("B-P", "I-P", "E-P", "S-P", "O");
        assertThat(TagScheme.BIOES.inside("B-P")).isEqualTo("I-P");
        assertThat(TagScheme.BMEWO.inside("B-P")).isEqualTo("M-P");
        assertThat(TagScheme.BMEWO.inside("W-P")).isEqualTo("W-P");
        for (var each : Map.of(TagScheme.BILOU, "BILU", TagScheme.BMEWO, "BMEW", TagScheme.BMES, "BMES")
                .entrySet()) {
            TagScheme scheme = each.getKey();
            List<String> tags = bioes.stream()
                    .map(tag -> tag.equals("O") ? tag : each.getValue().charAt("BIES".indexOf(tag.charAt(0))) + "-P")
                    .toList();
            assertThat(scheme.forMetrics(tags)).as("%s", scheme).isEqualTo(bioes);
            assertThat(scheme.illegal(tags)).as("%s", scheme).isEqualTo(-1);
            assertThat(scheme.illegal(tags.subList(1, 5))).as("%s", scheme).isZero();
            assertThat(scheme.repaired(tags)).as("%s", scheme).isEqualTo(tags);
            assertThat(scheme.repaired(List.of(tags.get(1), tags.get(1), "O")))
                    .as("%s", scheme)
                    .isEqualTo(List.of(tags.get(0), tags.get(2), "O"));
        }
    }

    @Test
    void tagsOfAnotherSchemeAreRefused() throws Exception {
        Dataset rows = file("s.conll", "a NOUN", "b O");
        var bio = TokenClassificationSettings.builder()
                .tagScheme(TagScheme.BIO)
                .repairTags(true)
                .build();
        assertThatThrownBy(() -> data(rows, bio))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("s.conll line 1: the tag \"NOUN\" of word 1, \"a\", is none of the scheme bio."
                        + " Correct it, or set tag_scheme.");
    }

    @Test
    void illegalTagsAreRefusedOrRepaired() throws Exception {
        Dataset rows = file("d.conll", "a B-PER", "b O", "", "c O", "d I-PER");
        assertThatThrownBy(() -> data(rows, TokenClassificationSettings.DEFAULT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("d.conll line 4: the tag \"I-PER\" of word 2, \"d\", may not stand after \"O\"")
                .hasMessageContaining("repair_tags");
        var repair = TokenClassificationSettings.builder().repairTags(true).build();
        assertThat(row(rows, repair, 1).tags()).containsExactly("O", "B-PER");
    }

    @Test
    void listsMayHoldNumbersThatAreNamed() throws Exception {
        Dataset rows = file("e.jsonl", "{\"tokens\": [\"a\", \"b\"], \"ner_tags\": [0, 1]}");
        assertThatThrownBy(() -> data(rows, TokenClassificationSettings.DEFAULT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("are numbers");
        var named = TokenClassificationSettings.builder()
                .labels(List.of("O", "B-PER"))
                .build();
        assertThat(row(rows, named, 0).tags()).containsExactly("O", "B-PER");
        Dataset uneven = file("f.jsonl", "{\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\"]}");
        assertThatThrownBy(() -> data(uneven, TokenClassificationSettings.DEFAULT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("f.jsonl line 1: there are 2 words in column \"tokens\" but 1 tags");
    }

    @Test
    void spansBecomeTags() throws Exception {
        String text = "{\"text\": \"\uD83D\uDE00 Anna Berg, Ulm\", \"spans\": [%s]}";
        String two =
                "{\"start\": 2, \"end\": 11, \"label\": \"PER\"}, {\"start\": 13, \"end\": 16, \"label\": \"LOC\"}";
        Dataset rows = file("g.jsonl", text.formatted(two));
        TaggedWords words = row(rows, TokenClassificationSettings.DEFAULT, 0);
        assertThat(words.words()).containsExactly("\uD83D\uDE00", "Anna", "Berg", ",", "Ulm");
        assertThat(words.tags()).containsExactly("O", "B-PER", "I-PER", "O", "B-LOC");
        for (String wrong : List.of(
                "{\"start\": 2, \"end\": 11, \"label\": \"A\"}, {\"start\": 7, \"end\": 9, \"label\": \"B\"}",
                "{\"start\": 13, \"end\": 17, \"label\": \"A\"}",
                "{\"start\": 1, \"end\": 2, \"label\": \"A\"}",
                "{\"start\": 3, \"label\": \"A\"}")) {
            Dataset bad = file("h.jsonl", text.formatted(wrong));
            assertThatThrownBy(() -> data(bad, TokenClassificationSettings.DEFAULT))
                    .as(wrong)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("h.jsonl line 1: ");
        }
    }

    /** As BERT's tokenizer: a Chinese text has no spaces, and a span in it must not become the whole text. */
    @Test
    void chineseCharactersAreWords() throws Exception {
        Dataset rows = file(
                "z.jsonl",
                "{\"text\": \"\u5F20\u4E09\u5728\u5317\u4EAC\uD840\uDC00 ok\", \"spans\": [{\"start\": 0,"
                        + " \"end\": 2, \"label\": \"PER\"}, {\"start\": 3, \"end\": 5, \"label\": \"LOC\"}]}");
        TaggedWords words = row(rows, TokenClassificationSettings.DEFAULT, 0);
        assertThat(words.words()).hasSize(7).endsWith("\uD840\uDC00", "ok");
        assertThat(words.tags()).containsExactly("B-PER", "I-PER", "O", "B-LOC", "I-LOC", "O", "O");
    }

    @Test
    void aLabelIsNamedOnce() {
        var twice = TokenClassificationSettings.builder().labels(List.of("O", "B-P", "O"));
        assertThatThrownBy(twice::build)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("labels names \"O\" twice");
    }

    @Test
    void onlyTheFirstTokenOfAWordIsLearned() {
        var settings = TokenClassificationSettings.builder().labels(List.of("B-P", "I-P", "O"));
        TokenColumns columns = new TokenColumns("tokens", "tags", false);
        int[] words = {-1, 0, 0, 1, -1};
        int[] tags = {0, 2};
        var first = new TokenClassificationData(settings.build(), columns, TaskOptions.DEFAULT);
        assertThat(first.labels(words, tags)).containsExactly(-100, 0, -100, 2, -100);
        var all = new TokenClassificationData(settings.labelAllTokens(true).build(), columns, TaskOptions.DEFAULT);
        assertThat(all.labels(words, tags)).containsExactly(-100, 0, 1, 2, -100);
    }
}
