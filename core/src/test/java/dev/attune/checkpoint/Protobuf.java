package dev.attune.checkpoint;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes protobuf messages field by field, for fixtures. */
final class Protobuf {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private interface Step {
        void run() throws IOException;
    }

    Protobuf number(int field, long value) {
        return then(() -> out.writeInt64(field, value));
    }

    Protobuf fixed(int field, int value) {
        return then(() -> out.writeFixed32(field, value));
    }

    Protobuf text(int field, String value) {
        return then(() -> out.writeString(field, value));
    }

    Protobuf bytes(int field, byte[] value) {
        return then(() -> out.writeByteArray(field, value));
    }

    Protobuf message(int field, Protobuf value) {
        return bytes(field, value.toByteArray());
    }

    private Protobuf then(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] toByteArray() {
        then(out::flush);
        return bytes.toByteArray();
    }
}
