package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    @Test
    void requireListsAndSuggests() {
        Dataset data = table("text=a b", "target=1");
        assertThat(Columns.require(data, "text")).isEqualTo("text");
        assertThatThrownBy(() -> Columns.require(data, "label"))
                .isInstanceOf(DataException.class)
                .hasMessage("No column 'label' in train.csv; it has text, target. Did you mean \"target\"?");
        assertThatThrownBy(() -> Columns.require(data, "tetx")).hasMessageEndingWith("Did you mean \"text\"?");
        assertThatThrownBy(() -> Columns.require(data, "zebra")).hasMessageEndingWith("it has text, target.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        text=a b,label=1                          | text      |            | label
        label=1,text=a b                          | text      |            | label
        Text=a b,Label=1                          | Text      |            | Label
        sentence=a b,label=1,idx=4                | sentence  |            | label
        sentence1=a b,sentence2=c d,label=1,idx=4 | sentence1 | sentence2  | label
        premise=a b,hypothesis=c d,label=1        | premise   | hypothesis | label
        question=a b,sentence=c d,label=1,idx=3   | question  | sentence   | label
        text=a b,text_pair=c d,label=1            | text      | text_pair  | label
        text=a b,label=1,label_text=good          | text      |            | label
        utterance=a b,intent=book                 | utterance |            | intent
        headline=a b,category=sport               | headline  |            | category
        text=a b,spam=yes                         | text      |            | spam
        Unnamed: 0=7,headline=a b,stars=4         | headline  |            | stars
        id2=17,headline=a b,stars=4               | headline  |            | stars
        """)
    void findsColumns(String cells, String text, String pair, String label) {
        assertThat(Columns.findTextColumns(table(cells.split(",")), null, null, null, true))
                .isEqualTo(new TextColumns(text, pair, label));
    }

    @Test
    void namedColumnsAreTakenAsTheyAre() {
        Dataset data = table("title=a b", "body=c d", "stars=4", "lang=en");
        assertThat(Columns.findTextColumns(data, "title", "body", "lang", true))
                .isEqualTo(new TextColumns("title", "body", "lang"));
        assertThat(Columns.findTextColumns(data, "title", null, null, true))
                .isEqualTo(new TextColumns("title", null, "stars"));
        assertThatThrownBy(() -> Columns.findTextColumns(data, "titel", null, null, true))
                .hasMessageContaining("Did you mean \"title\"?");
    }

    @Test
    void predictionNeedsNoLabel() {
        assertThat(Columns.findTextColumns(table("message=a b"), null, null, null, false))
                .isEqualTo(new TextColumns("message", null, null));
    }

    @Test
    void ambiguityIsAQuestionThatListsTheColumns() {
        assertThatThrownBy(() ->
                        Columns.findTextColumns(table("title=a b", "summary=c d", "stars=4"), null, null, null, true))
                .isInstanceOf(DataException.class)
                .hasMessage("Cannot tell which column of train.csv is the text (could be title or summary); "
                        + "it has title, summary, stars. Set text_column.");
        assertThatThrownBy(() ->
                        Columns.findTextColumns(table("content=a b", "review=c", "label=4"), null, null, null, true))
                .hasMessageContaining("could be content or review")
                .hasMessageEndingWith("Set text_column.");
        assertThatThrownBy(
                        () -> Columns.findTextColumns(table("text=a b", "intent=x", "topic=y"), null, null, null, true))
                .hasMessageContaining("is the label (could be intent or topic)")
                .hasMessageEndingWith("Set label_column.");
        assertThatThrownBy(() -> Columns.findTextColumns(table("text=a b", "x=1", "y=2"), null, null, null, true))
                .hasMessageContaining("is the label (could be x or y)");
        assertThatThrownBy(() -> Columns.findTextColumns(table("text=a b"), null, null, null, true))
                .hasMessageContaining("no column is left for it");
        assertThatThrownBy(() -> Columns.findTextColumns(table("x=12", "label=1"), null, null, null, true))
                .hasMessageContaining("is the text (no other column holds text)");
    }

    @Test
    void textMeansStringsOnly() {
        Dataset data = Datasets.of("x", List.of(Map.of("a", "s", "b", 1, "c", List.of())));
        assertThat(Columns.isText(data, "a")).isTrue();
        assertThat(Columns.isText(data, "b")).isFalse();
        assertThat(Columns.isText(data, "c")).isFalse();
    }

    /** One row of "column=value". */
    private static Dataset table(String... cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (String cell : cells) row.put(cell.split("=")[0], cell.split("=")[1]);
        return Datasets.of("train.csv", List.of(row));
    }
}
