package io.sampo.node.peer.wire;

import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** Reads what {@link MsgAppEncoder} writes. */
public final class MsgAppDecoder implements FrameDecoder {
  private enum Expected {
    TYPE,
    COUNT,
    ENTRY_LENGTH,
    ENTRY,
    COMMIT,
    MESSAGE_LENGTH,
    MESSAGE
  }

  private final long local;
  private final long remote;
  private final int maxFrameBytes;
  private final FrameInput input = new FrameInput();

  private long index;
  private long term;

  private Expected expected = Expected.TYPE;
  private Message.Builder entries;
  private long missingEntries;
  private long frameBytes;
  private int length;

  public MsgAppDecoder(long local, long remote, int maxFrameBytes) {
    this.local = local;
    this.remote = remote;
    this.maxFrameBytes = maxFrameBytes;
  }

  @Override
  public void feed(ByteString bytes, Consumer<Message> messages) throws FrameException {
    input.append(bytes);
    while (input.available() >= needed()) {
      step(messages);
    }
    input.shrink();
  }

  private int needed() {
    return switch (expected) {
      case TYPE -> 1;
      case ENTRY, MESSAGE -> length;
      default -> Long.BYTES;
    };
  }

  private void step(Consumer<Message> messages) throws FrameException {
    switch (expected) {
      case TYPE -> onType(input.takeByte());
      case COUNT -> onCount(input.takeLong());
      case ENTRY_LENGTH -> {
        length = checkedLength(input.takeLong());
        expected = Expected.ENTRY;
      }
      case ENTRY -> onEntry(input.takeMessage(length, Entry.parser()));
      case COMMIT -> {
        expected = Expected.TYPE;
        messages.accept(entries.setCommit(input.takeLong()).build());
      }
      case MESSAGE_LENGTH -> {
        length = checkedLength(input.takeLong());
        expected = Expected.MESSAGE;
      }
      case MESSAGE -> {
        expected = Expected.TYPE;
        onMessage(input.takeMessage(length, Message.parser()), messages);
      }
    }
  }

  private void onType(int type) throws FrameException {
    frameBytes = 0;
    switch (type) {
      case MsgAppEncoder.LINK_HEARTBEAT -> {}
      case MsgAppEncoder.ENTRIES -> {
        if (term == 0) {
          throw new FrameException("entries that continue nothing");
        }
        expected = Expected.COUNT;
      }
      case MsgAppEncoder.WHOLE_MESSAGE -> expected = Expected.MESSAGE_LENGTH;
      default -> throw new FrameException("failed to parse type " + type + " in msgappv2 stream");
    }
  }

  private void onCount(long count) throws FrameException {
    // Each entry takes at least its length's bytes, so that a count beyond the limit is a lie.
    missingEntries = MessageDecoder.checkLength(count, maxFrameBytes / Long.BYTES);
    entries =
        Message.newBuilder()
            .setType(MessageType.MsgApp)
            .setFrom(remote)
            .setTo(local)
            .setTerm(term)
            .setLogTerm(term)
            .setIndex(index);
    expected = missingEntries == 0 ? Expected.COMMIT : Expected.ENTRY_LENGTH;
  }

  private void onEntry(Entry entry) throws FrameException {
    index++;
    if (entry.getIndex() != index) {
      throw new FrameException("entry " + entry.getIndex() + " in the place of entry " + index);
    }
    entries.addEntries(entry);
    missingEntries--;
    expected = missingEntries == 0 ? Expected.COMMIT : Expected.ENTRY_LENGTH;
  }

  private void onMessage(Message message, Consumer<Message> messages) {
    term = message.getTerm();
    index = MsgAppEncoder.lastIndex(message);
    messages.accept(message);
  }

  private int checkedLength(long announced) throws FrameException {
    int checked = MessageDecoder.checkLength(announced, maxFrameBytes);
    frameBytes += Long.BYTES + (long) checked;
    MessageDecoder.checkLength(frameBytes, maxFrameBytes + (long) Long.BYTES);
    return checked;
  }
}
