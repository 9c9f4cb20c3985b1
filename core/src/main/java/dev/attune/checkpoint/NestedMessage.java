package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import java.io.EOFException;
import java.io.IOException;

/** A protobuf message inside another: its length, then its fields. */
final class NestedMessage {
    private NestedMessage() {}

    /** Reads one field whose tag has been read. */
    @FunctionalInterface
    interface Field {
        void read(int tag) throws IOException;
    }

    /** Reads the fields up to the announced end. */
    static void read(CodedInputStream in, Field field) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        fields(in, field);
        // At the end of the input readTag answers "done" even if the message should go on.
        if (in.getBytesUntilLimit() != 0) throw new EOFException("a message goes on after its end");
        in.popLimit(outer);
    }

    /** Reads the fields of the outermost message, which has no length. */
    static void fields(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) field.read(tag);
    }
}
