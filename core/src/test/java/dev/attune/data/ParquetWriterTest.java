package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetWriterTest {
    @TempDir
    Path temp;

    @Test
    void vectorsReadBackExactly() throws IOException {
        Path file = temp.resolve("it's new/x.parquet");
        Random random = new Random(7);
        List<List<Float>> vectors = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            List<Float> vector = new ArrayList<>();
            for (int k = 0; k < 8; k++)
                vector.add((float) (random.nextGaussian() * Math.pow(10, random.nextInt(-9, 9))));
            vectors.add(vector);
        }
        try (ParquetWriter writer = new ParquetWriter(file)) {
            for (int i = 0; i < vectors.size(); i++) {
                List<Float> vector = vectors.get(i);
                writer.write(Map.of("features", vector, "tokens", List.of(vector, vector), "label", "é " + i));
            }
            assertThat(file).doesNotExist();
            writer.commit();
        }
        assertThat(names(file.getParent())).containsExactly("x.parquet");
        Dataset types = Datasets.read("SELECT typeof(features) AS f, typeof(tokens) AS t, typeof(label) AS l FROM '"
                + file.toString().replace("'", "''") + "' LIMIT 1");
        assertThat(types.value(0, "f")).isEqualTo("FLOAT[]");
        assertThat(types.value(0, "t")).isEqualTo("FLOAT[][]");
        assertThat(types.value(0, "l")).isEqualTo("VARCHAR");
        Dataset rows = Datasets.read(file.toString());
        assertThat(rows.size()).isEqualTo(vectors.size());
        for (int i = 0; i < rows.size(); i++) {
            List<?> read = (List<?>) rows.value(i, "features");
            assertThat(read.stream().map(each -> ((Number) each).floatValue()).toList())
                    .isEqualTo(vectors.get(i));
            assertThat((List<?>) rows.value(i, "tokens")).hasSize(2);
            assertThat(rows.value(i, "label")).isEqualTo("é " + i);
        }
    }

    @Test
    void otherAnswersHaveColumnsOfTheirOwn() {
        Path file = temp.resolve("y.parquet");
        try (ParquetWriter writer = new ParquetWriter(file)) {
            writer.write(Map.of("score", 0.25, "all", List.of(Map.of("label", "a")), "ok", true, "n", 3));
            writer.commit();
        }
        Dataset rows = Datasets.read(file.toString());
        assertThat(rows.value(0, "score")).isEqualTo(0.25);
        assertThat(rows.value(0, "ok")).isEqualTo(true);
        assertThat(rows.value(0, "n")).isEqualTo(3L);
        assertThat(rows.value(0, "all").toString()).contains("label", "a");
    }

    @Test
    void whatIsNotCommittedLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(temp.resolve("z.parquet"), "old");
        try (ParquetWriter writer = new ParquetWriter(file)) {
            writer.write(Map.of("a", 1));
        }
        try (ParquetWriter writer = new ParquetWriter(file)) {
            assertThatThrownBy(writer::commit).isInstanceOf(DataException.class).hasMessageContaining("no rows");
        }
        assertThat(file).hasContent("old");
        assertThat(names(temp)).containsExactly("z.parquet");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }
}
