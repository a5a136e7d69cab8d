package io.sampo.node.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * A socket in the file system that is listened on. Its file is made with the permissions that the
 * process's mask leaves, and is removed at the end. One that is there already is taken for that of
 * a process which had no time to remove it, as in etcd.
 */
final class UnixListener extends GraphStage<SourceShape<SocketChannel>> {
  /** After the process had no file left for a connection. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Outlet<SocketChannel> out = Outlet.create("UnixListener.out");
  private final SourceShape<SocketChannel> shape = SourceShape.of(out);
  private final ChannelSelector selector;
  private final Path file;
  private final ServerSocketChannel channel;

  private UnixListener(ChannelSelector selector, Path file, ServerSocketChannel channel) {
    this.selector = selector;
    this.file = file;
    this.channel = channel;
  }

  /**
   * Binds.
   *
   * @throws IOException if the file cannot be made, or is something that no listener leaves
   */
  static UnixListener bind(ChannelSelector selector, UnixDomainSocketAddress address, int backlog)
      throws IOException {
    removeLeftOver(address.getPath());
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(address, backlog);
      channel.configureBlocking(false);
      return new UnixListener(selector, address.getPath(), channel);
    } catch (IOException e) {
      channel.close();
      boolean tooLong = String.valueOf(e.getMessage()).contains("too long");
      throw tooLong ? new SocketException("Invalid argument") : e;
    }
  }

  /** A file with content, or a folder with any, is somebody's; etcd removes the former too. */
  private static void removeLeftOver(Path file) throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) > 0) {
      throw new SocketException("Address already in use");
    }
    try {
      Files.deleteIfExists(file);
    } catch (DirectoryNotEmptyException e) {
      throw new ListenException("remove " + file + ": directory not empty", e);
    }
  }

  /** Removes the file and accepts nothing more. */
  void close() {
    try {
      Files.deleteIfExists(file);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SourceShape<SocketChannel> shape() {
    return shape;
  }

  @Override
  public Logic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private SelectionKey key;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              accept();
            }
          });
    }

    @Override
    public void preStart() throws IOException {
      AsyncCallback<Done> ready = createAsyncCallback(done -> accept());
      key = selector.register(channel, () -> ready.invoke(Done.getInstance()));
    }

    @Override
    public void postStop() {
      if (key != null) {
        ChannelSelector.close(key);
      }
    }

    @Override
    public void onTimer(Object timer) {
      accept();
    }

    private void accept() {
      try {
        SocketChannel accepted = channel.accept();
        if (accepted != null) {
          push(out, accepted);
        } else {
          ChannelSelector.want(key, SelectionKey.OP_ACCEPT);
        }
      } catch (ClosedChannelException e) {
        completeStage();
      } catch (IOException e) {
        scheduleOnce(channel, PAUSE);
      }
    }
  }
}
