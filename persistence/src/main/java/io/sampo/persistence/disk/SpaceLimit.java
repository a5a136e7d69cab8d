package io.sampo.persistence.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Lets bytes to a file pass as long as the disk has space for them beside the log's reserve. Where
 * they stop, for that or because they cannot be written, the sender is neither read nor cut off for
 * a moment: it has to get the answer that says why.
 */
public final class SpaceLimit extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** The disk is asked before each so many bytes. */
  private static final long STEP_BYTES = 1 << 20;

  private static final Duration ANSWER_TIME = Duration.ofSeconds(5);

  /** Where the file is. */
  public interface Disk {
    /** Bytes that can still be written, the log's reserve included. */
    long usableBytes() throws IOException;
  }

  private final Inlet<ByteString> in = Inlet.create("space.in");
  private final Outlet<ByteString> out = Outlet.create("space.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Disk disk;
  private final OptionalLong announcedBytes;

  /**
   * @param announcedBytes how many will come; empty if the sender does not say. What cannot fit is
   *     refused at once
   */
  public SpaceLimit(Disk disk, OptionalLong announcedBytes) {
    this.disk = disk;
    this.announcedBytes = announcedBytes;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    /** What may pass before the disk is asked again. */
    private long allowed;

    private long needed = announcedBytes.orElse(0);

    private boolean ended;

    Logic() {
      super(shape);
      setHandler(in, new Bytes());
      setHandler(out, new File());
    }

    private void pass(ByteString piece) {
      try {
        if (allowed < piece.size()) {
          DiskSpace.requireBesideLog(Math.max(needed, piece.size()), disk.usableBytes());
          allowed = Math.max(STEP_BYTES, piece.size());
        }
        allowed -= piece.size();
        needed -= piece.size();
        push(out, piece);
      } catch (IOException shortage) {
        end();
        fail(out, shortage);
      }
    }

    private void end() {
      ended = true;
      scheduleOnce("answered", ANSWER_TIME);
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private final class Bytes extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString piece = grab(in);
        if (!ended) {
          pass(piece);
        }
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        if (ended) {
          completeStage();
        } else {
          failStage(failure);
        }
      }
    }

    private final class File extends AbstractOutHandler {
      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        end();
      }
    }
  }
}
