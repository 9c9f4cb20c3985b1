package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowBundleTest {
    private static final int FLOAT = 1;
    private static final String QUERY = "bert/encoder/layer_11/attention/self/query/kernel";

    @TempDir
    Path folder;

    private static BundleFixture small() {
        return new BundleFixture()
                .add(QUERY, FLOAT, new long[] {2, 3}, Bytes.floats(1, 2, 3, 4, 5, 6))
                .add(QUERY + "/adam_m", FLOAT, new long[] {2, 3}, Bytes.floats(0, 0, 0, 0, 0, 0))
                .add("bert/embeddings/LayerNorm/gamma", FLOAT, new long[] {2}, Bytes.floats(7, 8))
                .add("cls/predictions/output_bias", FLOAT, new long[] {1}, Bytes.floats(9))
                .add("extra/thing", 9, new long[] {1}, Bytes.longs(5))
                .add("_CHECKPOINTABLE_OBJECT_GRAPH", 7, new long[] {}, new byte[] {3, 1, 2, 3})
                .add("global_step", 9, new long[] {}, Bytes.longs(100));
    }

    @Test
    void variablesBecomeTransformersParameters() {
        small().write(folder, "bert_model.ckpt");
        try (Weights weights = WeightFiles.open(folder)) {
            String query = "bert.encoder.layer.11.attention.self.query.weight";
            assertThat(weights.names())
                    .containsExactlyInAnyOrder(
                            query, "bert.embeddings.LayerNorm.weight", "cls.predictions.bias", "extra/thing");
            assertThat(weights.info(query)).isEqualTo(new TensorInfo(query, DType.FLOAT32, new long[] {3, 2}));
            assertThat(Bytes.floats(weights.bytes(query))).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(Bytes.floats(weights.bytes("bert.embeddings.LayerNorm.weight")))
                    .containsExactly(7, 8);
            assertThat(weights.bytes("extra/thing").getLong()).isEqualTo(5);
        }
    }

    @Test
    void savedModelsKeepThemInVariables() throws Exception {
        small().write(Files.createDirectory(folder.resolve("variables")), "variables");
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.names()).contains("cls.predictions.bias");
        }
    }

    private void refused(BundleFixture bundle, String... parts) {
        refused(bundle.write(folder, "bert_model.ckpt"), parts);
    }

    private static void refused(Path index, String... parts) {
        assertThatThrownBy(() -> TensorFlowBundle.open(index))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(index.toString())
                .hasMessageContainingAll(parts);
    }

    @Test
    void footerIsChecked() throws Exception {
        Path index = small().write(folder, "m");
        byte[] whole = Files.readAllBytes(index);
        refused(Bytes.write(folder.resolve("a.index"), new byte[47]), "has 47 bytes", "48");
        refused(Bytes.write(folder.resolve("b.index"), Arrays.copyOf(whole, whole.length - 1)), "magic number");
        byte[] outside = whole.clone();
        outside[whole.length - 48] = (byte) 0xff;
        outside[whole.length - 47] = 0x7f;
        refused(Bytes.write(folder.resolve("c.index"), outside), "points to a block", "outside its");
    }

    @Test
    void blockChecksumIsChecked() {
        BundleFixture bundle = small();
        bundle.wrongBlockChecksum = true;
        refused(bundle, "has a block at", "whose checksum is");
    }

    @Test
    void compressedBlocksAreRefused() {
        BundleFixture bundle = small();
        bundle.compression = 1;
        refused(bundle, "compressed block (type 1)", "tf.train.Saver");
    }

    @Test
    void headerIsNeeded() {
        BundleFixture bundle = small();
        bundle.table.remove("");
        refused(bundle, "has no header entry");
        bundle.table.put("", new Protobuf().number(1, 1).number(2, 1).toByteArray());
        refused(bundle, "big-endian");
        bundle.table.put("", new Protobuf().number(1, 1_000_000).toByteArray());
        refused(bundle, "claims 1000000 data files");
        bundle.table.put("", new byte[] {8});
        refused(bundle, "not a variable's description");
    }

    @Test
    void dataFileMustBeThereAndWhole() throws Exception {
        Path index = small().write(folder, "m");
        Path data = folder.resolve("m.data-00000-of-00001");
        Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 30));
        refused(index, "variable \"", "has only 30 bytes", "incomplete download");
        Files.delete(data);
        assertThatThrownBy(() -> TensorFlowBundle.open(index))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(data + " does not exist");
    }

    @Test
    void dataChecksumIsCheckedOnReading() throws Exception {
        Path index = small().write(folder, "m");
        Path data = folder.resolve("m.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(data);
        bytes[0] ^= 1;
        Files.write(data, bytes);
        try (Weights weights = TensorFlowBundle.open(index)) {
            assertThatThrownBy(() -> weights.bytes("bert.encoder.layer.11.attention.self.query.weight"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll(QUERY, "has checksum", "but the index says");
            assertThat(Bytes.floats(weights.bytes("cls.predictions.bias"))).containsExactly(9);
        }
    }

    @Test
    void descriptionsMustFit() {
        refused(
                small().add("bert/pooler/dense/bias", FLOAT, new long[] {3}, Bytes.floats(1)),
                "has 4 bytes",
                "need 12");
        refused(small().add("bert/pooler/dense/bias", FLOAT, new long[] {-1}, Bytes.floats(1)), "negative size");
        refused(
                small().add("bert/pooler/dense/kernel", FLOAT, new long[] {1}, Bytes.floats(1)),
                "kernel of 1 dimensions, but 2 were expected");
        refused(
                small().put("bert/pooler/dense/bias", e -> e.number(3, 4), FLOAT, new long[] {1}, Bytes.floats(1)),
                "data file 4 of 1");
        refused(
                small().put("bert/pooler/dense/bias", e -> e.number(4, -8), FLOAT, new long[] {1}, Bytes.floats(1)),
                "4 bytes at -8");
        refused(
                small().put(
                                "bert/pooler/dense/bias",
                                e -> e.message(7, new Protobuf()),
                                FLOAT,
                                new long[] {1},
                                Bytes.floats(1)),
                "partitioned into slices");
        refused(
                small().add("module/" + QUERY, FLOAT, new long[] {1, 1}, Bytes.floats(1)),
                "bert.encoder.layer.11.attention.self.query.weight");
    }

    @Test
    void longNamesAreRefused() {
        byte[] one = Bytes.floats(1);
        String name = "bert/" + "n".repeat(1014) + "/bias";
        BundleFixture bundle = new BundleFixture().add(name, FLOAT, new long[] {1}, one);
        try (Weights weights = TensorFlowBundle.open(bundle.write(folder, "m"))) {
            assertThat(weights.names()).hasSize(1);
        }
        String longer = name.replace("bert/", "bert/n");
        refused(bundle.add(longer, FLOAT, new long[] {1}, one), "has a key that shares 1019 bytes", "and adds 6");
    }

    /** Each name but the first takes some ten bytes of the file, and a kilobyte of memory. */
    @Test
    void aSmallFileMayNotUnfoldToAllMemory() throws Exception {
        BundleFixture bundle = new BundleFixture();
        String prefix = "n".repeat(1000);
        for (int i = 0; i < 16_000; i++) bundle.table.put(prefix + i, new byte[0]);
        Path index = bundle.write(folder, "bert_model.ckpt");
        assertThat(Files.size(index)).isLessThan(200_000);
        refused(index, "has more than 16 MiB of names and descriptions");
    }

    @Test
    void otherModelsAreRefused() {
        refused(
                new BundleFixture().add("resnet/conv1/kernel", FLOAT, new long[] {1}, Bytes.floats(1)),
                "holds no variable of BERT among its 1 (resnet/conv1/kernel");
    }

    @Test
    void damagedBytesNeverEscapeAsAnotherException() {
        Path good = small().write(folder, "m");
        small().write(folder, "damaged");
        Damage.tryMany(good, folder.resolve("damaged.index"), TensorFlowBundle::open, new Random(Damage.SEED));
    }
}
