package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextColumnsTest {
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
        assertThat(find(table(cells.split(",")), true)).isEqualTo(new TextColumns(text, pair, label));
    }

    @Test
    void namedColumnsAreTakenAsTheyAre() {
        Dataset data = table("title=a b", "body=c d", "stars=4", "lang=en");
        assertThat(TextColumns.find(data, named("title", "body", "lang"), true))
                .isEqualTo(new TextColumns("title", "body", "lang"));
        assertThat(TextColumns.find(data, named("title", null, null), true))
                .isEqualTo(new TextColumns("title", null, "stars"));
        assertThatThrownBy(() -> TextColumns.find(data, named("titel", null, null), true))
                .hasMessageContaining("Did you mean \"title\"?");
    }

    /** A label is only what was named: rows to be answered may have columns that merely sound like one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        message=a b                    | message  |
        text=a b,label=1               | text     |
        text=a b,rating=4,topic=x      | text     |
        headline=a b,rating=4,topic=x  | headline |
        headline=a b,topic=x,stars=4   | headline | stars
        headline=a b,topic=x,label=4   | headline |
        """)
    void predictionNeedsNoLabel(String cells, String text, @Nullable String label) {
        TextClassificationSettings settings = named(null, null, label);
        assertThat(TextColumns.find(table(cells.split(",")), settings, false))
                .isEqualTo(new TextColumns(text, null, label));
    }

    @Test
    void ambiguityIsAQuestionThatListsTheColumns() {
        assertThatThrownBy(() -> find(table("title=a b", "summary=c d", "stars=4"), true))
                .isInstanceOf(DataException.class)
                .hasMessage("Cannot tell which column of train.csv is the text (could be title or summary); "
                        + "it has title, summary, stars. Set text_column.");
        assertThatThrownBy(() -> find(table("content=a b", "review=c", "label=4"), true))
                .hasMessageContaining("could be content or review")
                .hasMessageEndingWith("Set text_column.");
        assertThatThrownBy(() -> find(table("text=a b", "intent=x", "topic=y"), true))
                .hasMessageContaining("is the label (could be intent or topic)")
                .hasMessageEndingWith("Set label_column.");
        assertThatThrownBy(() -> find(table("text=a b", "x=1", "y=2"), true))
                .hasMessageContaining("is the label (could be x or y)");
        assertThatThrownBy(() -> find(table("text=a b"), true)).hasMessageContaining("no column is left for it");
        assertThatThrownBy(() -> find(table("x=12", "label=1"), true))
                .hasMessageContaining("is the text (no other column holds text)");
    }

    /** text_column alone means single texts: a second column by its side is named in a note, and not read. */
    @Test
    void aNamedTextIsASingleOne() {
        Dataset data = table("question=a b", "sentence=c d", "label=1");
        TextClassificationSettings settings = named("question", null, null);
        TextColumns columns = TextColumns.find(data, settings, true);
        assertThat(columns).isEqualTo(new TextColumns("question", null, "label"));
        assertThat(columns.notes(data, settings))
                .containsExactly("The column sentence is not read, because text_column is set and text_pair_column is"
                        + " not. To train on pairs, set text_pair_column: sentence.");
        assertThat(find(data, true).notes(data, TextClassificationSettings.DEFAULT))
                .isEmpty();
    }

    private static TextColumns find(Dataset data, boolean labelRequired) {
        return TextColumns.find(data, TextClassificationSettings.DEFAULT, labelRequired);
    }

    private static TextClassificationSettings named(
            @Nullable String text, @Nullable String pair, @Nullable String label) {
        return new TextClassificationSettings(text, pair, label, List.of(), null, null, 0);
    }

    /** One row of "column=value". */
    private static Dataset table(String... cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (String cell : cells) row.put(cell.split("=")[0], cell.split("=")[1]);
        return Datasets.of("train.csv", List.of(row));
    }
}
