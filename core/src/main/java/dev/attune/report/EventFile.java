package dev.attune.report;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events as TensorBoard reads it: records in TFRecord frames (length, its checksum, content, its checksum), each an
 * {@code Event} in protobuf. Field numbers are those of {@code event.proto} and {@code summary.proto},
 * https://github.com/tensorflow/tensorflow. Each event is in the file when its method returns.
 */
final class EventFile implements AutoCloseable {
    private static final String VERSION = "brain.Event:2";
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int STATUS = 1;
    private static final int START = 1;

    /** Writes the fields of one message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private final OutputStream out;

    /** @param file must not be there */
    EventFile(Path file) throws IOException {
        out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        event(0, event -> event.writeString(FILE_VERSION, VERSION));
    }

    /** Says that what earlier files have of this step and of later ones has not happened. */
    void start(long step) throws IOException {
        byte[] log = message(fields -> fields.writeEnum(STATUS, START));
        event(step, event -> event.writeByteArray(SESSION_LOG, log));
    }

    /** Numbers of one step by their tags; TensorBoard keeps 32 bits of each. */
    void scalars(long step, Map<String, Double> values) throws IOException {
        byte[] summary = message(fields -> {
            for (Map.Entry<String, Double> each : values.entrySet()) {
                fields.writeByteArray(VALUE, message(value -> {
                    value.writeString(TAG, each.getKey());
                    value.writeFloat(SIMPLE_VALUE, each.getValue().floatValue());
                }));
            }
        });
        event(step, event -> event.writeByteArray(SUMMARY, summary));
    }

    private void event(long step, Fields content) throws IOException {
        record(message(event -> {
            event.writeDouble(WALL_TIME, System.currentTimeMillis() / 1000.0);
            event.writeInt64(STEP, step);
            content.write(event);
        }));
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream coded = CodedOutputStream.newInstance(bytes);
        fields.write(coded);
        coded.flush();
        return bytes.toByteArray();
    }

    /** In one call, so that a reader who comes in between finds no half of it. */
    private void record(byte[] content) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(content.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(content.length);
        frame.putInt(checksum(frame.array(), 8));
        frame.put(content);
        frame.putInt(checksum(content, content.length));
        out.write(frame.array());
    }

    /** CRC-32C, turned and shifted: a checksum of data that hold checksums should not be one of them. */
    static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        int value = (int) crc.getValue();
        return Integer.rotateRight(value, 15) + 0xa282ead8;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
